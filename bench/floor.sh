#!/bin/sh
# The floor of a deployment: what a shell that knows everything beforehand needs to make the same cluster from the same files, as fast as it can. It looks at nothing, proves nothing on its way,
# can be interrupted nowhere and runs once. What apply takes beyond it is the price of looking, planning, proving and going on after a death.
# usage: floor.sh WORK, a directory as scripts/bench/floor-work.ts makes it: hosts (NAME ROLE a line), ssh_config, tree/NAME (files as they lie on the machine), images/ROLE (paths of
# archives), kubeadm/NAME.yaml (with @join-token@ and @ca-pin@ in them), objects/*.yaml.
set -eu
work=$1
names=$(cut -d' ' -f1 "$work/hosts")
control_planes=$(sed -n 's/ control-plane$//p' "$work/hosts")
workers=$(sed -n 's/ worker$//p' "$work/hosts")
first=$(echo "$control_planes" | sed -n 1p)
token=$(od -An -N3 -tx1 /dev/urandom | tr -d ' \n').$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')
pin=

on() {
  name=$1
  shift
  ssh -F "$work/ssh_config" "$name" "$@"
}

# Runs a function for each name at once; fails when one of them fails.
each() {
  work_of=$1
  shift
  pids=
  for one; do
    "$work_of" "$one" &
    pids="$pids $!"
  done
  for pid in $pids; do wait "$pid"; done
}

prepare() {
  tar -C "$work/tree/$1" --owner=0 --group=0 -chf - . | on "$1" 'tar -C / --no-overwrite-dir -xf - && sysctl -q -p /etc/sysctl.d/90-kubewright.conf && systemctl daemon-reload &&
    systemctl enable -q containerd kubelet kubewright-api-proxy && systemctl restart containerd'
  while read -r archive; do on "$1" 'ctr -n k8s.io images import --local - > /dev/null' < "$archive"; done < "$work/images/$(sed -n "s/^$1 //p" "$work/hosts")"
}

# Standard output is kubeadm's account of what it does: nobody reads it here.
kubeadm_on() {
  sed "s/@join-token@/$token/; s/@ca-pin@/$pin/" "$work/kubeadm/$1.yaml" | on "$1" "umask 077 && cat > /run/kubeadm.yaml && kubeadm $2 --config /run/kubeadm.yaml > /dev/null && rm /run/kubeadm.yaml"
}

start_proxy() {
  on "$1" 'cat > /etc/kubewright/ca.crt && systemctl restart kubewright-api-proxy' < "$work/ca.crt"
}

kubectl_apply() {
  cat "$work"/objects/*.yaml | on "$first" 'kubectl --kubeconfig /etc/kubernetes/admin.conf apply --server-side --force-conflicts -f - > /dev/null'
}

give_pki() {
  on "$1" 'umask 077 && mkdir -p /etc/kubernetes/pki && tar -C /etc/kubernetes/pki -xf -' < "$work/pki.tar"
}

# etcd takes one learner at a time.
join_control_planes() {
  for joining in $control_planes; do
    [ "$joining" = "$first" ] || kubeadm_on "$joining" join
  done
}

join_worker() {
  kubeadm_on "$1" join
}

each prepare $names
kubeadm_on "$first" 'init --skip-token-print'
on "$first" cat /etc/kubernetes/pki/ca.crt > "$work/ca.crt"
pin=sha256:$(openssl x509 -in "$work/ca.crt" -pubkey -noout | openssl pkey -pubin -outform der | sha256sum | cut -d' ' -f1)
(umask 077 && on "$first" 'tar -C /etc/kubernetes/pki -cf - ca.crt ca.key sa.pub sa.key front-proxy-ca.crt front-proxy-ca.key etcd/ca.crt etcd/ca.key' > "$work/pki.tar")
each start_proxy $names
each give_pki $(echo "$control_planes" | sed 1d)
kubectl_apply &
applying=$!
join_control_planes &
joining=$!
each join_worker $workers
wait "$applying"
wait "$joining"
on "$first" "export KUBECONFIG=/etc/kubernetes/admin.conf
  kubectl wait --for=condition=Ready --timeout=180s node --all > /dev/null &&
  kubectl -n kube-flannel rollout status daemonset/kube-flannel-ds --timeout=180s > /dev/null &&
  kubectl -n kube-system rollout status deployment/coredns --timeout=180s > /dev/null &&
  kubectl -n kube-system rollout status deployment/metrics-server --timeout=180s > /dev/null &&
  kubectl -n kube-system delete secret bootstrap-token-${token%.*} > /dev/null && rm -f /etc/kubernetes/super-admin.conf"
