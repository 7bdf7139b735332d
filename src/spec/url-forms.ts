import { isIPv4Address, parseRange } from '../model/ranges.ts';
import { LAST_PORT, isSubdomain } from './value-forms.ts';

const HOST_AND_PORT = /^(?<host>[a-z0-9.-]+)(:(?<port>\d{1,5}))?$/;

/** `mirror.example.com`, `10.0.0.5:5000`: a DNS name or an IPv4 address, maybe with a port. */
function isHostAndPort(text: string): boolean {
  const { host = '', port } = HOST_AND_PORT.exec(text)?.groups ?? {};
  const isHost = /^[\d.]+$/.test(host) ? isIPv4Address(host) : isSubdomain(host);
  return isHost && (port === undefined || (Number(port) >= 1 && Number(port) <= LAST_PORT));
}

/** A registry as images name it. A single word without a port is a folder of `docker.io`, but for `localhost`. */
export function isRegistryName(text: string): boolean {
  return isHostAndPort(text) && (/[.:]/.test(text) || text === 'localhost');
}

/** `http://host:port`, with or without a slash at its end; without a user, since the file holds no secret. */
export function isProxyUrl(text: string): boolean {
  const { rest = '' } = /^https?:\/\/(?<rest>[^/]*)\/?$/.exec(text)?.groups ?? {};
  return isHostAndPort(rest);
}

/** `https://host:port/path`: characters that need no quoting in TOML. */
export function isMirrorUrl(text: string): boolean {
  const { rest = '' } = /^https?:\/\/(?<rest>[^/]*)(\/[A-Za-z0-9._~/-]*)?$/.exec(text)?.groups ?? {};
  return isHostAndPort(rest);
}

/** What Go's programs and curl take alike: a name or address with or without a port, `.domain`, an IPv4 range. */
export function isNoProxyEntry(text: string): boolean {
  return isHostAndPort(text.replace(/^\*?\./, '')) || parseRange(text) !== undefined;
}

/** A user of a registry: a colon would end it (RFC 7617). */
export function isRegistryUser(text: string): boolean {
  return /^[^\s:\p{Cc}]+$/u.test(text);
}

/** A variable of the environment. */
export function isVariableName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);
}
