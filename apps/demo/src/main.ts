import { instructions, tokenOf } from './instructions.js';
import { EMULATOR_PORT, GATEWAY_PORT, IDP_PORT, MANAGEMENT_PORT, startPrograms } from './programs.js';
import { answering, firstPortInUse } from './readiness.js';

const taken = await firstPortInUse([GATEWAY_PORT, MANAGEMENT_PORT, EMULATOR_PORT, IDP_PORT]);
if (taken !== undefined) {
  process.stderr.write(`Port ${taken} is in use: free it and start the demo again.\n`);
  process.exit(1);
}

const programs = startPrograms();

function stop(code: number): void {
  programs.forEach((program) => program.process.kill('SIGTERM'));
  process.exitCode = code;
}

let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    isStopping = true;
    stop(0);
  });
}
for (const program of programs) {
  program.process.once('exit', (code) => {
    if (isStopping) return;
    isStopping = true;
    process.stderr.write(`${program.name} ended with ${code}; the demo stops.\n`);
    stop(1);
  });
}

async function explain(): Promise<void> {
  await Promise.all([
    answering(`http://localhost:${EMULATOR_PORT}/__emulator/health`),
    answering(`http://localhost:${IDP_PORT}/.well-known/openid-configuration`),
    answering(`http://localhost:${MANAGEMENT_PORT}/health/ready`),
  ]);
  process.stdout.write(`
The gateway answers at http://localhost:${GATEWAY_PORT}, the upstream's emulator at ${EMULATOR_PORT}, the identity
provider at ${IDP_PORT}. Paste these lines into another terminal, in this folder; the tokens last an hour.

${instructions(await tokenOf('olga'), await tokenOf('victor'))}
Ctrl-C ends all three.
`);
}

explain().catch((error: unknown) => {
  if (isStopping) return;
  isStopping = true;
  process.stderr.write(`${String(error)}; the demo stops.\n`);
  stop(1);
});
