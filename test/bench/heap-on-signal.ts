/** Loaded into a gateway: on SIGUSR2 it collects all garbage and writes what is left of its heap, in bytes. */
const { gc } = globalThis;
if (!gc) throw new Error('needs --expose-gc');

process.on('SIGUSR2', () => {
  gc();
  process.stderr.write(`heap ${process.memoryUsage().heapUsed}\n`);
});
