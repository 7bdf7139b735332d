import { randomUUID } from 'node:crypto';
import { read, readLines } from './on-machine.ts';
import type { Machine } from './test-lab.ts';

/** A secret of the cluster with the place where it rightly lies. */
export interface Secret {
  readonly name: string;
  readonly text: string;
}

const KEY_FILES = `find /etc/kubernetes /var/lib/kubelet/pki -type f \\( -name '*.key' -o -name '*.pem' -o -name '*.conf' \\)`;

/** Every private key that a machine holds: of the authorities, of etcd, of service accounts, of kubeconfigs, of the kubelet. */
export async function keysOf(machine: Machine): Promise<readonly Secret[]> {
  const lines = await readLines(machine, `${KEY_FILES} | while read -r f; do printf '%s %s\\n' "$f" "$(base64 -w0 < "$f")"; done`);
  return lines.flatMap((line) => {
    const [path = '', base64 = ''] = line.split(' ');
    const text = Buffer.from(base64, 'base64').toString('utf8');
    const inKubeconfig = [...text.matchAll(/client-key-data: (\S+)/g)].map(([, data = '']) => Buffer.from(data, 'base64').toString('utf8'));
    const keys = text.includes('PRIVATE KEY-----') ? [text, ...inKubeconfig] : inKubeconfig;
    return keys.map((key) => ({ name: `${machine.name}:${path}`, text: key }));
  });
}

/** Where on a machine nothing secret may be; each prints the names of places that hold a needle. `$needles` is a file that root alone can read. */
const PLACES: Readonly<Record<string, (since: number) => string>> = {
  'the journal': () => `journalctl --no-pager --all --output export | grep -aqF -f "$needles" && echo journald`,
  'a log': () => 'grep -ralF -f "$needles" /var/log',
  "the tool's records of runs": () => 'grep -ralF -f "$needles" /run/kubewright /var/lib/kubewright',
  "root's own files": () => 'grep -ralF -f "$needles" /root /tmp /var/tmp',
  // Found as nobody finds them; programs in the store are known by their digests.
  'a file that others may read': (since) =>
    `setpriv --reuid 65534 --regid 65534 --clear-groups find / \\( -path /proc -o -path /sys -o -path /dev -o -path /usr/local/lib/kubewright/store \\) -prune -o -type f -readable -newerct @${since} -print0 | xargs -0 -r grep -alF -f "$needles"`,
};

/** Where the search must find something, or it could not find anything: files in which the secrets rightly lie. */
const CONTROL = 'grep -ralF -f "$needles" /etc/kubernetes /var/lib/kubelet/pki';

function withNeedles(needles: readonly string[], body: string): string {
  return `umask 077; d=$(mktemp -d /run/kwtest.XXXXXX); trap 'rm -rf "$d"' EXIT; needles=$d/needles
cat > "$needles" <<'END-OF-NEEDLES'
${needles.join('\n')}
END-OF-NEEDLES
${body}
true`;
}

/** Places on a machine that hold any of the needles and must not; empty where all is well. `since`, in seconds since the epoch: files that have not changed since then are not ours. */
export async function leaksOn(machine: Machine, needles: readonly string[], since: number): Promise<readonly string[]> {
  const searches = Object.entries(PLACES).map(([place, shell]) => `{ ${shell(since)}\n} 2> /dev/null | sed 's|^|${place.replaceAll("'", '’')}: |'`);
  return readLines(machine, withNeedles(needles, searches.join('\n')), { isSecret: true });
}

/** Puts a made-up secret into each place that is searched and gives what is found of it; everything but the journal's line is removed again. */
export async function findPlanted(machine: Machine, since: number): Promise<readonly string[]> {
  const planted = `planted-${randomUUID()}`;
  const files = ['/var/log/planted', '/run/kubewright/planted', '/tmp/planted', '/etc/planted'];
  await read(machine, [...files.map((file) => `echo ${planted} > ${file}`), `logger ${planted}`, 'journalctl --sync'].join('\n'));
  const found = await leaksOn(machine, [planted], since);
  await read(machine, `rm ${files.join(' ')}`);
  return found;
}

/** The files of a machine in which the needles rightly lie. */
export async function rightPlacesOn(machine: Machine, needles: readonly string[]): Promise<readonly string[]> {
  return readLines(machine, withNeedles(needles, CONTROL), { isSecret: true });
}
