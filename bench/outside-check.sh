#!/bin/sh
# What both the floor and apply must end with, looked at from outside with kubectl and etcdctl: every node Ready, every pod ready, every control plane in the service of the API and in etcd, metrics.
# usage: outside-check.sh WORK (see floor.sh)
set -eu
work=$1
first=$(sed -n 's/ control-plane$//p' "$work/hosts" | sed -n 1p)
nodes=$(grep -c . "$work/hosts")
control_planes=$(grep -c ' control-plane$' "$work/hosts")
ssh -F "$work/ssh_config" "$first" sh -eu -s "$nodes" "$control_planes" << 'END'
export KUBECONFIG=/etc/kubernetes/admin.conf
fail() {
  echo "outside check: $1" >&2
  exit 1
}
[ "$(kubectl get nodes --no-headers | awk '$2 == "Ready"' | wc -l)" = "$1" ] || fail 'not every node is Ready'
kubectl wait pod --all --all-namespaces --for=condition=Ready --timeout=120s > /dev/null || fail 'not every pod is ready'
[ "$(kubectl get endpointslices kubernetes -o 'jsonpath={.endpoints[*].addresses[0]}' | wc -w)" = "$2" ] || fail 'not every control plane is behind the service kubernetes'
etcd() {
  etcdctl --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/peer.crt --key /etc/kubernetes/pki/etcd/peer.key --endpoints https://127.0.0.1:2379 "$@"
}
[ "$(etcd member list | grep -c ', started, .*, false$')" = "$2" ] || fail 'not every control plane is a voting member of etcd'
tries=0
until [ "$(kubectl top nodes --no-headers 2> /dev/null | awk '$2 != "<unknown>"' | wc -l)" = "$1" ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 120 ] || fail 'no metrics of every node'
  sleep 1
done
END
