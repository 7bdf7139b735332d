import { command, quote } from '../shell/quote.ts';
import { BLOB_DIR } from '../shell/remote-paths.ts';

/** A published file that a machine fetches itself, and what it takes from it. */
export interface FetchRef {
  readonly url: string;
  /** What the machine needs of the file; without `member` the file is the program, else a compressed archive that holds it. */
  readonly programs: readonly FetchedProgram[];
  /** The way out of the network, by the variables that curl reads. */
  readonly proxy: Readonly<Record<string, string>>;
}

export interface FetchedProgram {
  readonly member?: string;
  readonly sha256: string;
}

const SILENCE_SECONDS = 60;
const CURL = ['curl', '-fsSL', '--retry', '3', '--connect-timeout', '20', '--speed-limit', '1', '--speed-time', String(SILENCE_SECONDS)];
/** Stands for the file itself where a member of an archive is named. */
const WHOLE = '-';

/**
 * `kw_fetch URL [MEMBER SHA256]...`: makes blobs of a published file, as an upload would have made them. Each program is compared with its digest before it gets the name of a blob; what differs is
 * deleted; what does not is on the disk before. Of an archive only the programs are unpacked, which may be named `./NAME` or `NAME` there. Uses `kw_sha`.
 */
export const FETCH_SHELL = `
kw_unfetched() { rm -rf "$fetched"; printf '%s %s\\n' "$url" "$1"; exit 1; }
kw_fetch() {
  url=$1; fetched=${BLOB_DIR}/$(printf %s "$url" | sha256sum | cut -c1-16).fetched; shift
  rm -rf "$fetched"; mkdir -p "$fetched/in"
  ${command(...CURL)} -o "$fetched/file" "$url" || kw_unfetched 'could not be fetched by this machine'
  if [ "$1" != ${WHOLE} ]; then
    printf '%s\\n' "$@" | sed -n 'p;n' > "$fetched/members"
    tar -xzf "$fetched/file" -C "$fetched/in" --no-same-owner --no-same-permissions --no-anchored -T "$fetched/members" || kw_unfetched 'is no archive with the programs that it is to hold'
  fi
  while [ $# -gt 0 ]; do
    if [ "$1" = ${WHOLE} ]; then from=$fetched/file; else from=$fetched/in/$1; fi
    [ -f "$from" ] && [ ! -L "$from" ] || kw_unfetched "holds no $1"
    [ "$(kw_sha "$from")" = "$2" ] || kw_unfetched "gave other bytes than were planned (sha256 $(kw_sha "$from"), not $2): deleted"
    sync "$from" && mv -f "$from" "${BLOB_DIR}/$2"; shift 2
  done
  rm -rf "$fetched"
}`.trim();

const assignments = ({ proxy }: Pick<FetchRef, 'proxy'>): readonly string[] => Object.entries(proxy).map(([name, value]) => quote(`${name}=${value}`));

/** The one command that fetches the file, for people. */
export function fetchCommand({ url, proxy }: FetchRef): string {
  return [...(Object.keys(proxy).length === 0 ? [] : ['env', ...assignments({ proxy })]), command(...CURL, '-O', url)].join(' ');
}

/** The call of `kw_fetch`. One fetch serves all programs of a file: of those that follow, the blobs are there. */
export function fetchCall({ url, programs, proxy }: FetchRef): string {
  const call = command('kw_fetch', url, ...programs.flatMap(({ member = WHOLE, sha256 }) => [member, sha256]));
  return Object.keys(proxy).length === 0 ? call : `(export ${assignments({ proxy }).join(' ')}; ${call})`;
}
