import ipaddr from 'ipaddr.js';

/** The host of `https://host:port/path`, `host:port`, `[::1]:2379` or a bare host or address, in lower case. */
export function hostOfServer(text: string): string {
  const place = text.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/[/?#].*$/, '');
  const bracketed = /^\[([^\]]*)\]/.exec(place)?.[1];
  if (bracketed !== undefined) return bracketed.toLowerCase();
  if (isAddress(place)) return place.toLowerCase();
  return place.replace(/:\d+$/, '').toLowerCase();
}

/** The URL of an API server; an address of IPv6 in brackets. */
export function serverAt(host: string, port: number | string): string {
  return `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The library tells what is no address by an exception inside, and most texts that are asked about are none: their characters are looked at first. */
export function isAddress(text: string): boolean {
  if (/^[\d.]+$/.test(text)) return ipaddr.IPv4.isValidFourPartDecimal(text);
  return /^[\da-f]*:[\da-f.]*:[\da-f:.]*(?:%\w+)?$/i.test(text) && ipaddr.IPv6.isValid(text);
}

/** What names no machine: every address, loopback, this machine itself, or nothing. */
export function isNeutralHost(host: string): boolean {
  return host === '' || host === '0.0.0.0' || host === '::' || host === '::1' || host.startsWith('127.') || host === 'localhost' || host === 'localhost.localdomain';
}

/** The n-th address of a range, from 0; undefined for what is no range. */
export function addressInRange(range: string, index: number): string | undefined {
  const [base = '', prefix] = range.split('/');
  if (prefix === undefined || !isAddress(base)) return undefined;
  const address = ipaddr.parse(base);
  const bytes = address.toByteArray();
  bytes[bytes.length - 1] = ((bytes.at(-1) ?? 0) + index) % 256;
  return ipaddr.fromByteArray(bytes).toString();
}

export function isInRange(address: string, range: string): boolean {
  try {
    return ipaddr.parse(address).match(ipaddr.parseCIDR(range));
  } catch {
    return false;
  }
}
