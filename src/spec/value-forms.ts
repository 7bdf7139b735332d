import ipaddr from 'ipaddr.js';
import type { Taint } from '../model/cluster.ts';
import { isIPv4Address } from '../model/ranges.ts';

const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const QUALIFIED_NAME = /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/;
const TAINT = /^(?<key>[^=:]+)(=(?<value>[^=:]*))?:(?<effect>NoSchedule|PreferNoSchedule|NoExecute)$/;
const LONGEST_LABEL = 63;
const LONGEST_SUBDOMAIN = 253;
/** `api.NAME.kubewright.internal` is also a common name in certificates: at most 64 characters (RFC 5280, ub-common-name). */
const LONGEST_CLUSTER_NAME = 40;

/** RFC 1123 label. */
function isLabelOfDns(text: string): boolean {
  return text.length <= LONGEST_LABEL && LABEL.test(text);
}

/** RFC 1123 subdomain. */
export function isSubdomain(text: string): boolean {
  return text.length <= LONGEST_SUBDOMAIN && text.split('.').every(isLabelOfDns);
}

export function isClusterName(text: string): boolean {
  return text.length <= LONGEST_CLUSTER_NAME && isLabelOfDns(text);
}

/** A node name is also the value of `kubernetes.io/hostname`: at most 63 characters. An address is not a name. */
export function isNodeName(text: string): boolean {
  return text.length <= LONGEST_LABEL && isSubdomain(text) && !isIPv4Address(text) && text !== 'localhost';
}

/** A DNS name, its first part maybe `*`, or an IPv4 or IPv6 address. */
export function isCertSan(text: string): boolean {
  if (/^[\d.]+$/.test(text)) return isIPv4Address(text);
  if (text.includes(':')) return ipaddr.IPv6.isValid(text) && !text.includes('%');
  return isSubdomain(text.startsWith('*.') ? text.slice(2) : text);
}

/** `disk` or `example.com/disk`. */
export function isLabelKey(text: string): boolean {
  const [name = '', prefix, ...rest] = text.split('/').reverse();
  return rest.length === 0 && isQualifiedName(name) && (prefix === undefined || isSubdomain(prefix));
}

export function isLabelValue(text: string): boolean {
  return text === '' || isQualifiedName(text);
}

function isQualifiedName(text: string): boolean {
  return text.length <= LONGEST_LABEL && QUALIFIED_NAME.test(text);
}

export function isTaint(text: string): boolean {
  return parseTaint(text) !== undefined;
}

/** `key=value:Effect` or `key:Effect`; undefined for anything else. */
export function parseTaint(text: string): Taint | undefined {
  const { key = '', value = '', effect } = TAINT.exec(text)?.groups ?? {};
  if (!isLabelKey(key) || !isLabelValue(value) || !isEffect(effect)) return undefined;
  return { key, value, effect };
}

function isEffect(text: string | undefined): text is Taint['effect'] {
  return text === 'NoSchedule' || text === 'PreferNoSchedule' || text === 'NoExecute';
}

export const LAST_PORT = 65_535;

/** What ssh may be given as a host: a name or an address, nothing that it could take for an option. */
export function isSshHost(text: string): boolean {
  return /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/.test(text) || (text.includes(':') && ipaddr.IPv6.isValid(text));
}

/** A login name (useradd(8), and with dots and capitals as directories have them): nothing that ssh or sudo could take for more. */
export function isSshUser(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/.test(text);
}

/** `[user@]host[:port]`, several with commas, as ssh's `-J` takes them. */
export function isJump(text: string): boolean {
  return text.split(',').every((hop) => {
    const { host = '', port } = /^([A-Za-z0-9_][A-Za-z0-9_.-]*@)?(?<host>[^@:]+|\[[^\]]+\])(:(?<port>\d{1,5}))?$/.exec(hop)?.groups ?? {};
    const isPort = port === undefined || (Number(port) >= 1 && Number(port) <= LAST_PORT);
    return isSshHost(host.replace(/^\[(.*)\]$/, '$1')) && isPort;
  });
}

/** Not empty, no control characters, and no home directory but one's own. */
export function isUsablePath(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return text !== '' && !/[\u0000-\u001f\u007f]/.test(text) && !/^~[^/]/.test(text) && text !== '~';
}
