#!/bin/sh
# Makes this checkout ready to work in; does nothing where nothing is missing.
#   setup.sh           npm packages, and the Debian packages of host-packages.txt: ends with 1 when they cannot be installed
#   setup.sh willing   the same, but goes on without Debian packages that cannot be installed
#   setup.sh npm       npm packages only
set -eu
cd "$(dirname "$0")/.."
mode="${1:-all}"

say() { echo "setup: $*"; }

check_node() {
  command -v node >/dev/null 2>&1 || { say "Node is not installed; kubewright needs Node 20.19 or newer"; exit 1; }
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    { say "this is Node $(node --version); kubewright needs 20.19 or newer"; exit 1; }
}

npm_packages() {
  # npm writes this file last, so an installation that was broken off is done again.
  installed=node_modules/.package-lock.json
  if [ -e "$installed" ] && ! [ package-lock.json -nt "$installed" ]; then return 0; fi
  say "installing npm packages (npm ci)"
  npm ci --no-audit --no-fund
  touch "$installed"
}

missing_packages() {
  sed 's/#.*//' scripts/host-packages.txt | while read -r package; do
    [ -n "$package" ] || continue
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf ' %s' "$package"
  done
}

host_packages() {
  if ! command -v dpkg-query >/dev/null 2>&1; then
    say "this is not Debian: install what corresponds to scripts/host-packages.txt yourself"
    return 1
  fi
  missing="$(missing_packages)"
  [ -n "$missing" ] || return 0
  as_root=
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null 2>&1 || { say "missing Debian packages:$missing; run as root: apt-get install$missing"; return 1; }
    as_root=sudo
  fi
  say "installing missing Debian packages:$missing"
  $as_root apt-get -o DPkg::Lock::Timeout=300 update -q || return 1
  # shellcheck disable=SC2086 # one word per package
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -q --yes --no-install-recommends $missing
}

check_go() {
  command -v go >/dev/null 2>&1 || [ -x /usr/local/go/bin/go ] || say "go is not installed: artifacts of source \`go\` cannot be built here (https://go.dev/dl)"
}

check_node
npm_packages
[ "$mode" != npm ] || exit 0
if ! host_packages; then
  [ "$mode" = willing ] || exit 1
  say "going on without them; what needs them will say so"
fi
check_go
