const TYPE_A = [0, 1];
const CLASS_IN = [0, 1];
const ONE = [0, 1];
const NONE = [0, 0];
const RECURSION_DESIRED = [1, 0];
/** Any two bytes below 0x80: they come back unchanged. */
const ID = [0x6b, 0x77];

/** Position of the answer count in a reply, in bytes; each byte before it is one character of the text. */
const ANSWER_COUNT_AT = 6;

/** A DNS question (RFC 1035) for the IPv4 addresses of `name`, as the percent-encoded text that agnhost's `/dial` passes on as it is. */
export function encodeDnsQuery(name: string): string {
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label, 'ascii')]);
  const bytes = [...ID, ...RECURSION_DESIRED, ...ONE, ...NONE, ...NONE, ...NONE, ...labels, 0, ...TYPE_A, ...CLASS_IN];
  return bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

/**
 * How many answers a reply holds. agnhost gives it as JSON text, in which each byte that is not UTF-8 became one character of replacement: the two of
 * the flags may have, all other bytes of the header are below 0x80.
 */
export function countDnsAnswers(reply: string): number {
  return reply.startsWith(String.fromCharCode(...ID)) ? reply.charCodeAt(ANSWER_COUNT_AT) * 256 + reply.charCodeAt(ANSWER_COUNT_AT + 1) || 0 : 0;
}
