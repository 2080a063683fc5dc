const DEFINITION = /^var __name = .*$/m;

/**
 * Classes keep their names, which stand in the log, where esbuild renames them; other functions do not. esbuild's `keepNames` defines the
 * name of each function whenever it is made, within other functions too: 9 % of a small print. A class is made once.
 */
export function keepNamesOfClasses(code) {
  if (!DEFINITION.test(code)) throw new Error('esbuild keeps names in another way.');
  return code
    .replace(DEFINITION, (definition) =>
      [definition.replace('__name', '__nameClass'), 'var __name = (target) => target;'].join(' '),
    )
    .replaceAll('__name(this, ', '__nameClass(this, ');
}
