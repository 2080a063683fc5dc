import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WatchedFile } from './watched-file.js';

describe('WatchedFile', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'watched-')), 'file');
  const texts: string[] = [];
  const errors: unknown[] = [];
  let stop = () => {};

  const until = async (done: () => boolean) => {
    for (const endsAt = Date.now() + 5_000; !done() && Date.now() < endsAt;) await delay(10);
  };

  beforeAll(() => {
    writeFileSync(path, 'one');
    stop = new WatchedFile(path, 20).onChange(
      (text) => texts.push(text),
      (error) => errors.push(error),
    );
  });
  afterAll(() => stop());

  it('reports a new text once, also when the file was replaced by another', async () => {
    writeFileSync(`${path}.new`, 'two');
    renameSync(`${path}.new`, path);
    await until(() => texts.length > 0);
    expect(texts).toEqual(['two']);
  });

  it('reports a file that cannot be read, and its text when it is back', async () => {
    rmSync(path);
    await until(() => errors.length > 0);
    expect(errors[0]).toMatchObject({ code: 'ENOENT' });
    writeFileSync(path, 'three');
    await until(() => texts.length > 1);
    expect(texts).toEqual(['two', 'three']);
  });
});
