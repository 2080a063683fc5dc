import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const EMULATOR_PORT = 4010;
export const IDP_PORT = 4020;
export const GATEWAY_PORT = 3000;
export const MANAGEMENT_PORT = 3001;

const CREDENTIALS = {
  applicationId: 'b0bd854d-1d32-47b3-9b69-2ac7d3a3c3fb',
  sharedSecret: 'demo-shared-secret-0123456789abcdef',
};

interface Running {
  readonly name: string;
  readonly process: ChildProcess;
}

/** The three programs of the demo, each a process of its own, writing to this terminal only what went wrong. */
export function startPrograms(): Running[] {
  return [
    start('idaas-emulator', {
      EMULATOR_PORT: String(EMULATOR_PORT),
      EMULATOR_APPLICATION_ID: CREDENTIALS.applicationId,
      EMULATOR_SHARED_SECRET: CREDENTIALS.sharedSecret,
    }),
    start('dev-idp', { IDP_PORT: String(IDP_PORT) }),
    start('gateway', {
      PORT: String(GATEWAY_PORT),
      MANAGEMENT_PORT: String(MANAGEMENT_PORT),
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      STOP_GRACE_MS: '0',
      POLICY_FILE: fileURLToPath(new URL('../../../../config/policy.yaml', import.meta.url)),
      IDAAS_BASE_URL: `http://127.0.0.1:${EMULATOR_PORT}`,
      IDAAS_APPLICATION_ID: CREDENTIALS.applicationId,
      IDAAS_SHARED_SECRET: CREDENTIALS.sharedSecret,
    }),
  ];
}

function start(name: string, environment: Record<string, string>): Running {
  const entry = fileURLToPath(new URL(`../../${name}/src/main.js`, import.meta.url));
  // A group of its own: Ctrl-C reaches the demo alone, which then stops the three in order.
  const child = spawn(process.execPath, [entry], {
    // All of them are on this machine.
    env: { ...process.env, NODE_NO_WARNINGS: '1', NO_PROXY: '*', ...environment },
    stdio: ['ignore', 'inherit', name === 'dev-idp' ? 'ignore' : 'inherit'],
    detached: true,
  });
  return { name, process: child };
}
