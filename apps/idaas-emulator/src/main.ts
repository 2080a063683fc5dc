import { createEmulator } from './create-emulator.js';
import { readSettings } from './settings.js';

const settings = readSettings(process.env);
const emulator = createEmulator(settings);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.close());

try {
  await emulator.listen({ port: settings.port, host: settings.host });
} catch (error) {
  process.stderr.write(`idaas-emulator: ${(error as Error).message}\n`);
  process.exit(1);
}
