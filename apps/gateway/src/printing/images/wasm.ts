/** What is used of it here; TypeScript knows all of it in browsers only. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

type Exported = (...numbers: number[]) => number;

interface Memory {
  readonly memory: { readonly buffer: ArrayBuffer };
}

/** What an assembled module in base64, which imports nothing, exports. Its functions take and give numbers. */
export function exportsOf<Name extends string>(module: string): Readonly<Record<Name, Exported>> & Memory {
  return new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(module, 'base64'))).exports as never;
}
