import { formOf } from '../../facts/ledger/ledger-facts.ts';
import type { LedgerItem } from '../../facts/ledger/ledger-facts.ts';
import { command } from '../../shell/quote.ts';
import { DRIFTED_EXIT } from '../kind.ts';

const FUNCTIONS = `
kw_drifted() { printf '%s is not what the plan was made from\\n' "$1"; exit ${DRIFTED_EXIT}; }
kw_same() {
  case $2 in
    absent) [ ! -e "$1" ] && [ ! -L "$1" ] || kw_drifted "$1" ;;
    file*)
      if [ -n "$3" ] && [ "$4" != secret ]; then kw_expect "$1" "$3"; else
        [ -f "$1" ] && [ ! -L "$1" ] || kw_drifted "$1"
        [ -z "$3" ] || [ "$(kw_sealed "$1")" = "$3" ] || kw_drifted "$1"
      fi ;;
    *) [ "link $(readlink "$1")" = "$2" ] || kw_drifted "$1" ;;
  esac
}`.trim();

/** Stops as drifted unless every file, link and program is what the plan saw: asked before anything is changed, and of each right before it is. */
export function asPlanned(items: readonly LedgerItem[]): string {
  return [FUNCTIONS, ...items.filter((item) => formOf(item) === 'file').map(isSame)].join('\n');
}

export function isSame({ path, now, digest, what }: LedgerItem): string {
  return command('kw_same', path, now, digest, what);
}
