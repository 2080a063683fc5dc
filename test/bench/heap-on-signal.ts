/** Loaded into a gateway: on SIGCONT, which stops nobody, it collects all garbage and writes what is left of its heap, in bytes. */
const { gc } = globalThis;
if (!gc) throw new Error('needs --expose-gc');

process.on('SIGCONT', () => {
  gc();
  process.stderr.write(`heap ${process.memoryUsage().heapUsed}\n`);
});
