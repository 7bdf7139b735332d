const PLAIN = /[A-Za-z0-9.-]/;
const MAX_LENGTH = 120;

/**
 * A run's or step's id as a name that is safe for file, unit and shell alike: other characters become `_` and two hex
 * digits for each byte, so that two ids never share a name.
 */
export function encodeRunName(id: string): string {
  const name = [...Buffer.from(id, 'utf8')].map((byte, position) => encodeByte(byte, position)).join('');
  if (name === '' || name.length > MAX_LENGTH) throw new Error(`id of ${id.length} characters cannot name a run: ${id}`);
  return name;
}

function encodeByte(byte: number, position: number): string {
  const character = String.fromCharCode(byte);
  // A leading dot would hide the directory, or leave it.
  const plain = PLAIN.test(character) && (position > 0 || /[A-Za-z0-9]/.test(character));
  return plain ? character : `_${byte.toString(16).padStart(2, '0')}`;
}

/** The id that `encodeRunName` was given. */
export function decodeRunName(name: string): string {
  const bytes: number[] = [];
  for (let at = 0; at < name.length; at += 1) {
    const character = name.charAt(at);
    if (character === '_') {
      bytes.push(Number.parseInt(name.slice(at + 1, at + 3), 16));
      at += 2;
    } else {
      bytes.push(character.charCodeAt(0));
    }
  }
  return Buffer.from(bytes).toString('utf8');
}
