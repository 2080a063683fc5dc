import { InvalidRequest } from '#libs/problem';
import { SecretKeys } from '#libs/secrets';
import { MemoryStore } from '#libs/store';
import { Cursors } from './cursors.js';

const place = { createdAtMs: 1_764_150_000_000, id: '2f6c1c52-5f0e-4f3b-9a55-4f3f5a8c0d11' };

describe('a cursor', () => {
  let store: MemoryStore;
  beforeEach(() => (store = new MemoryStore({ maxEntries: 10, now: () => 0 })));

  const cursorsOf = () => new Cursors(new SecretKeys(store, undefined));

  it('is taken back by every gateway, for its own list', async () => {
    const cursor = await cursorsOf().write(place, 'list');
    expect(await cursorsOf().read(cursor, 'list')).toEqual(place);
    await expect(cursorsOf().read(cursor, 'other')).rejects.toThrow(InvalidRequest);
  });

  it('does not show its place, which may be a job that is not shown', async () => {
    const bytes = Buffer.from(await cursorsOf().write(place, 'list'), 'base64url').toString('latin1');
    expect(bytes).not.toContain(place.id.slice(0, 8));
    expect(bytes).not.toContain(String(place.createdAtMs).slice(0, 8));
  });

  it('that is cut or changed anywhere is refused', async () => {
    const cursors = cursorsOf();
    const bytes = Buffer.from(await cursors.write(place, 'list'), 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (bytes[at] as number) ^ 1;
      for (const each of [changed, bytes.subarray(0, at)])
        await expect(cursors.read(each.toString('base64url'), 'list')).rejects.toThrow(InvalidRequest);
    }
  });
});
