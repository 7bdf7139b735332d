import { CLUSTER_LINKS, CONTAINERS_SHELL, STATE_SHELL } from '../../shell/ledger-shell.ts';
import { BLOB_DIR, LEDGER, SALT } from '../../shell/remote-paths.ts';

/** `WHAT|PATH` of each line, of the form that `kw_line` gives it; one of an early version says nothing of what was there. */
const FIELDS = `[ ! -s ${LEDGER} ] || sed -nE 's/^\\{"path":"(.*)","what":"([a-z]+)","sha256":"[0-9a-f]*",.*\\}$/\\2|\\1/p' ${LEDGER} | sed 's/\\\\\\(.\\)/\\1/g' | sort -u`;

const NOW = `
kw_file() {
  if [ -L "$1" ]; then printf 'link %s|' "$(readlink "$1")"
  elif [ -f "$1" ]; then printf 'file %s|%s' "$(stat -c '%a %U:%G' "$1")" "$(sha256sum < "$1" | cut -d' ' -f1)"
  elif [ -d "$1" ]; then printf 'directory|'
  else printf 'absent|'
  fi
}
kw_tree() {
  if [ -d "$1" ]; then printf '%s %s|' "$(find "$1/" -mindepth 1 | wc -l)" "$(stat -Lc '%a %U:%G' "$1")"; else printf 'absent|'; fi
}
kw_links() { for i in /sys/class/net/*; do i=\${i##*/}; case $i in ${CLUSTER_LINKS}) printf '%s ' "$i";; esac; done; printf '|'; }
kw_now() {
  case $1 in
    tree) kw_tree "$2" ;;
    unit) printf '%s|' "$(kw_unit_state "$2")" ;;
    sysctl) if [ -e "$2" ]; then printf '%s|' "$(tr '\\t' ' ' < "$2")"; else printf 'absent|'; fi ;;
    links) kw_links ;;
    chains) kw_chains; printf '|' ;;
    tables) kw_tables; printf '|' ;;
    package | module | cluster) printf '|' ;;
    secret) state=$(kw_file "$2"); printf '%s|' "\${state%|*}"; case $state in file*) [ ! -s ${SALT} ] || kw_sealed "$2" ;; esac ;;
    *) kw_file "$2" ;;
  esac
}`.trim();

/**
 * Shell that prints the ledger as it is, then what is now in each place that it names, `##` between them: `PATH STATE|DIGEST`, and last the number of Kubernetes' containers and the names of others'. It changes nothing.
 */
export const LEDGER_STATE = `uploads=$(ls ${BLOB_DIR} 2>/dev/null | wc -l)
[ ! -s ${LEDGER} ] && [ "$uploads" = 0 ] || {
${STATE_SHELL}
${CONTAINERS_SHELL}
${NOW}
[ ! -s ${LEDGER} ] || cat ${LEDGER}; echo; echo '##'
${FIELDS} | while IFS='|' read -r what path; do printf '%s\\t' "$path"; kw_now "$what" "$path"; echo; done
printf '##containers %s\\n' "$(kw_shims | wc -w)"
printf '##others %s\\n' "$(kw_others)"
printf '##uploads %s\\n' "$uploads"
}`;
