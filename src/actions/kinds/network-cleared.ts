import { ledgerKey } from '../../facts/keys.ts';
import { formOf } from '../../facts/ledger/ledger-facts.ts';
import { CLUSTER_CHAINS, CLUSTER_TABLES, STATE_SHELL } from '../../shell/ledger-shell.ts';
import { command, quote } from '../../shell/quote.ts';
import { count } from '../../util/count.ts';
import type { Kind } from '../kind.ts';
import { withHost } from '../predict.ts';

/** No interface of the cluster's network, no chain of its components in the packet filter, no rule that leads to one, and no table that holds nothing any more and was not there before. */
export interface NetworkClearedAction {
  readonly kind: 'network-cleared';
  readonly links: readonly string[];
  /** All that are there now and were not before. */
  readonly chains: readonly string[];
  /** `family/name`, as nft has them. */
  readonly tables: readonly string[];
}

/** Of the rules of a save: what removes these chains and the rules that lead to them, for a restore that leaves all else. `KW_CHAINS` has their names with blanks around. */
const REMOVE_CHAINS = `
function ours(name) { return index(ENVIRON["KW_CHAINS"], " " name " ") > 0 }
/^\\*/ { print; count = 0; next }
/^:/ { name = substr($1, 2); if (ours(name)) { chains[++count] = name; print ":" name " - [0:0]" } next }
/^-A/ && !ours($2) {
  # What a comment says is no part of the rule.
  bare = $0; gsub(/"([^"\\\\]|\\\\.)*"/, "", bare); n = split(bare, word, " ")
  for (i = 3; i < n; i++) if ((word[i] == "-j" || word[i] == "-g") && ours(word[i + 1])) { sub(/^-A/, "-D"); print; break }
  next
}
/^COMMIT/ { for (i = 1; i <= count; i++) print "-X " chains[i]; print }`;

/** A table that holds base chains that accept, and no rule. */
const IS_EMPTY = `is_empty() { ! nft list table "$1" "$2" 2>/dev/null | grep -qvE '^(table |[[:space:]]*(chain .*|type .* policy accept;|\\})?$)'; }`;

export const networkCleared: Kind<NetworkClearedAction> = {
  words: ({ links, chains }) => `remove the cluster's network: ${count(links.length, 'interface')}, ${count(chains.length, 'chain')} of the packet filter`,
  details: ({ links, chains, tables }) => ({
    command: [
      ...links.map((link) => command('ip', 'link', 'delete', link)),
      ...(chains.length === 0 ? [] : [`iptables-restore --noflush   # without ${chains.join(' ')}`]),
      ...tables.filter(isOfCluster).map((table) => `${command('nft', 'delete', 'table', ...table.split('/'))}   # if no rule is left in it`),
    ].join('\n'),
  }),
  probes: () => [{ probe: 'ledger' }],
  progress: (_action, reading) => {
    const fact = reading.read(ledgerKey);
    if (fact.state !== 'known') return 'unknown';
    return fact.value.items.every((item) => formOf(item) !== 'names' || item.now === '') ? 'done' : 'absent';
  },
  script: ({ links, chains, tables }) => ({
    shell: [
      STATE_SHELL,
      IS_EMPTY,
      // One that is gone went with its other end.
      ...links.map(
        (link) => `if [ -e ${quote(`/sys/class/net/${link}`)} ]; then ${command('ip', 'link', 'delete', link)} 2>/dev/null || [ ! -e ${quote(`/sys/class/net/${link}`)} ]; fi`,
      ),
      `export KW_CHAINS=${quote(` ${chains.filter((chain) => IS_CHAIN.test(chain)).join(' ')} `)}`,
      `for filter in $(kw_filters); do $filter-save 2>/dev/null | awk ${quote(REMOVE_CHAINS)} | $filter-restore --noflush; done`,
      ...tables.filter(isOfCluster).map((table) => {
        const words = command(...table.split('/'));
        return `if command -v nft > /dev/null && is_empty ${words}; then nft delete table ${words} 2>/dev/null || :; fi`;
      }),
    ].join('\n'),
    inputs: [],
  }),
  predict: (_action, view) =>
    withHost(view, ({ ledger }) =>
      ledger === undefined ? {} : { ledger: { ...ledger, items: ledger.items.map((item) => (formOf(item) === 'names' ? { ...item, now: '' } : item)) } },
    ),
};

/** An empty table of another name was made by others since. */
const isOfCluster = (table: string): boolean => IS_TABLE.test(table);
const IS_TABLE = new RegExp(`^${CLUSTER_TABLES}$`);
const IS_CHAIN = new RegExp(`^${CLUSTER_CHAINS}$`);
