/** One thing to look at on a host. Requests of all actions and rules are merged into one script. */
export type ProbeRequest =
  /** `text`: the bytes too, up to 64 KiB; never for a path that may hold a secret. */
  | { readonly probe: 'file'; readonly path: string; readonly text: boolean }
  | { readonly probe: 'unit'; readonly unit: string }
  | { readonly probe: 'sysctl'; readonly name: string }
  | { readonly probe: 'package'; readonly name: string }
  /** The certificates of a PEM file; a key beside them stays on the host. */
  | { readonly probe: 'certificate'; readonly path: string }
  /** Server and client certificate of a kubeconfig; its key stays on the host. */
  | { readonly probe: 'kubeconfig'; readonly path: string }
  /** What the machine is before anything of ours is on it, as a whole (`ground/ground-facts.ts`). */
  | { readonly probe: 'ground' }
  /** What this tool and the cluster have changed, held against what is there (`ledger/ledger-facts.ts`). */
  | { readonly probe: 'ledger' };

/** The requests of one kind, each once, sorted: what the observe script takes as its lists. */
export interface MergedProbes {
  readonly files: readonly string[];
  readonly texts: readonly string[];
  readonly units: readonly string[];
  readonly sysctls: readonly string[];
  readonly packages: readonly string[];
  readonly certificates: readonly string[];
  readonly kubeconfigs: readonly string[];
  readonly ground: boolean;
  readonly ledger: boolean;
}

export function mergeProbes(requests: readonly ProbeRequest[]): MergedProbes {
  const all = <P extends ProbeRequest['probe']>(probe: P, of: (request: Extract<ProbeRequest, { probe: P }>) => string | undefined) =>
    [...new Set(requests.flatMap((request) => (request.probe === probe ? (of(request as Extract<ProbeRequest, { probe: P }>) ?? []) : [])))].sort();
  return {
    files: all('file', (request) => request.path),
    texts: all('file', (request) => (request.text ? request.path : undefined)),
    units: all('unit', (request) => request.unit),
    sysctls: all('sysctl', (request) => request.name),
    packages: all('package', (request) => request.name),
    certificates: all('certificate', (request) => request.path),
    kubeconfigs: all('kubeconfig', (request) => request.path),
    ground: requests.some(({ probe }) => probe === 'ground'),
    ledger: requests.some(({ probe }) => probe === 'ledger'),
  };
}
