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

  it('that is not there yet is reported when it comes, and read throws until then', async () => {
    const later = `${path}-later`;
    const file = new WatchedFile(later, 20);
    expect(() => file.read()).toThrow('ENOENT');
    const seen: string[] = [];
    const stopThis = file.onChange(
      (text) => seen.push(text),
      () => seen.push('failed'),
    );
    writeFileSync(later, 'come');
    await until(() => seen.length > 0);
    stopThis();
    expect(seen).toEqual(['come']);
    expect(file.read()).toBe('come');
  });

  it('tells bytes apart that are no text, read as latin1', async () => {
    const binary = `${path}-binary`;
    writeFileSync(binary, Buffer.from([0xff]));
    const file = new WatchedFile(binary, 20, 'latin1');
    const seen: string[] = [];
    const stopThis = file.onChange(
      (text) => seen.push(text),
      () => {},
    );
    writeFileSync(binary, Buffer.from([0xfe]));
    await until(() => seen.length > 0);
    stopThis();
    expect(seen.map((text) => Buffer.from(text, 'latin1'))).toEqual([Buffer.from([0xfe])]);
  });
});
