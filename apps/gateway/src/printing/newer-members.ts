import { holdsCardData } from '#libs/contract';

/** Of one member, as JSON. An answer is kept as long as its key. */
const MAX_LENGTH = 1_000;
/** An address, which may be the upstream's own; or a number that lost digits when it was read. */
const NOT_PASSED_ON = /:\/\/|\d{16}/;

type Members = Readonly<Record<string, unknown>>;

/** The members of an object; none of anything else. */
export function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

/**
 * Those members of an answer that a caller gets though the gateway does not know them, because a newer version of the vendor's API has them: what
 * is short, is no address, and holds nothing of a card, for it is kept.
 */
export function passedOn(members: Members): Members {
  return Object.fromEntries(
    Object.entries(members).filter((member) => mayPass(Object.fromEntries([member]))),
  );
}

function mayPass(member: Members): boolean {
  const json = JSON.stringify(member);
  return json.length <= MAX_LENGTH && !NOT_PASSED_ON.test(json) && !holdsCardData(json);
}
