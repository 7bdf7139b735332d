import type { AuditSnapshot } from '../../facts/audit/audit-snapshot.ts';
import type { Unseen } from '../finding.ts';
import { adminConfOfOneNode } from './admin-conf-of-one-node.ts';
import { advertiseAddressForeign } from './advertise-address-foreign.ts';
import { apiServerInsecure } from './api-server-insecure.ts';
import { authorityDiffers } from './authority-differs.ts';
import { balancerUpstreamsStale } from './balancer-upstreams-stale.ts';
import { caKeyOnOneNode } from './ca-key-on-one-node.ts';
import { certSansStale } from './cert-sans-stale.ts';
import { certificateEndless } from './certificate-endless.ts';
import { certificateExpiry } from './certificate-expiry.ts';
import { certificateForeignAuthority } from './certificate-foreign-authority.ts';
import { certificateKeyMismatch } from './certificate-key-mismatch.ts';
import { certificateNamesMissing } from './certificate-names-missing.ts';
import { certificateOfDeparted } from './certificate-of-departed.ts';
import { clusterInfoOfOneNode } from './cluster-info-of-one-node.ts';
import { controlPlaneFilesDiffer } from './control-plane-files-differ.ts';
import { controlPlaneWithoutMember } from './control-plane-without-member.ts';
import { controllerOfOneNode } from './controller-of-one-node.ts';
import { corednsOnOneNode } from './coredns-on-one-node.ts';
import { endpointOfOneNode } from './endpoint-of-one-node.ts';
import { etcdEvenMembers } from './etcd-even-members.ts';
import { etcdInitialClusterStale } from './etcd-initial-cluster-stale.ts';
import { etcdLearner } from './etcd-learner.ts';
import { etcdMemberUnhealthy } from './etcd-member-unhealthy.ts';
import { etcdMemberWithoutNode } from './etcd-member-without-node.ts';
import { etcdMembersByPosition } from './etcd-members-by-position.ts';
import { etcdServersStale } from './etcd-servers-stale.ts';
import { etcdUrlForeign } from './etcd-url-foreign.ts';
import { halfJoinedNode } from './half-joined-node.ts';
import { hostPathMissing } from './host-path-missing.ts';
import { hostnameOverrideShared } from './hostname-override-shared.ts';
import { joinFileLeft } from './join-file-left.ts';
import { joinInsecure } from './join-insecure.ts';
import { kubeProxyOfOneNode } from './kube-proxy-of-one-node.ts';
import { kubeadmConfigVersion } from './kubeadm-config-version.ts';
import { kubeletInsecure } from './kubelet-insecure.ts';
import { kubeletOfOneNode } from './kubelet-of-one-node.ts';
import { kubeletResolverMissing } from './kubelet-resolver-missing.ts';
import { kubernetesEndpointsForeign } from './kubernetes-endpoints-foreign.ts';
import { kubernetesEndpointsMissing } from './kubernetes-endpoints-missing.ts';
import { makerUnproven } from './maker-unproven.ts';
import { manifestBroken } from './manifest-broken.ts';
import { manifestNotRunning } from './manifest-not-running.ts';
import { manifestsDiffer } from './manifests-differ.ts';
import { manualEndpointsStale } from './manual-endpoints-stale.ts';
import { nodeIpForeign } from './node-ip-foreign.ts';
import { nodeNotReady } from './node-not-ready.ts';
import { pluginEtcdEndpoints } from './plugin-etcd-endpoints.ts';
import { proxyEnvironment } from './proxy-environment.ts';
import { runtimeNoProxyList } from './runtime-no-proxy-list.ts';
import { sameEtcdIdentity } from './same-etcd-identity.ts';
import { sameHostname } from './same-hostname.ts';
import { sameMac } from './same-mac.ts';
import { sameMachineId } from './same-machine-id.ts';
import { sameProductUuid } from './same-product-uuid.ts';
import { sameSshHostKey } from './same-ssh-host-key.ts';
import { serviceAccountKeyDiffers } from './service-account-key-differs.ts';
import { sharedAdvertiseAddressRule } from './shared-advertise-address.ts';
import { sharedBindAddress } from './shared-bind-address.ts';
import { sharedEtcdClientCertificate } from './shared-etcd-client-certificate.ts';
import { sharedEtcdEndpoints } from './shared-etcd-endpoints.ts';
import { sharedEtcdIdentity } from './shared-etcd-identity.ts';
import { sharedKubeProxyField } from './shared-kube-proxy-field.ts';
import { sharedKubeletField } from './shared-kubelet-field.ts';
import { sharedNameOfOneNode } from './shared-name-of-one-node.ts';
import { sharedNodeFlag } from './shared-node-flag.ts';
import { sharedObjectBroken } from './shared-object-broken.ts';
import { sharedResolver } from './shared-resolver.ts';
import { superAdminConf } from './super-admin-conf.ts';
import { superAdminInPod } from './super-admin-in-pod.ts';
import { tokenEndless } from './token-endless.ts';
import { tokenExpired } from './token-expired.ts';
import { unitAllowListStale } from './unit-allow-list-stale.ts';
import { versionSkew } from './version-skew.ts';
import { workloadRestartDue } from './workload-restart-due.ts';
import type { AuditFinding, AuditRule } from './audit-rule.ts';
import { auditView } from './audit-view.ts';
import { unseenOf } from './unseen.ts';

/** Every rule of the audit, in the order of what hurts first. */
export const auditRules: readonly AuditRule[] = [
  sharedAdvertiseAddressRule,
  advertiseAddressForeign,
  kubernetesEndpointsForeign,
  kubernetesEndpointsMissing,
  etcdMemberWithoutNode,
  etcdMemberUnhealthy,
  controlPlaneWithoutMember,
  sameEtcdIdentity,
  etcdUrlForeign,
  etcdServersStale,
  sharedEtcdEndpoints,
  sharedEtcdIdentity,
  etcdLearner,
  etcdEvenMembers,
  endpointOfOneNode,
  clusterInfoOfOneNode,
  kubeProxyOfOneNode,
  kubeletOfOneNode,
  controllerOfOneNode,
  adminConfOfOneNode,
  balancerUpstreamsStale,
  sharedBindAddress,
  sharedNodeFlag,
  sharedNameOfOneNode,
  sharedEtcdClientCertificate,
  hostPathMissing,
  hostnameOverrideShared,
  sharedKubeletField,
  sharedResolver,
  kubeletResolverMissing,
  sharedKubeProxyField,
  proxyEnvironment,
  certSansStale,
  sharedObjectBroken,
  sameHostname,
  sameMachineId,
  sameProductUuid,
  sameMac,
  sameSshHostKey,
  nodeIpForeign,
  nodeNotReady,
  halfJoinedNode,
  certificateExpiry,
  certificateNamesMissing,
  certificateKeyMismatch,
  certificateForeignAuthority,
  authorityDiffers,
  serviceAccountKeyDiffers,
  certificateOfDeparted,
  certificateEndless,
  versionSkew,
  kubeadmConfigVersion,
  manifestBroken,
  manifestNotRunning,
  manifestsDiffer,
  controlPlaneFilesDiffer,
  corednsOnOneNode,
  workloadRestartDue,
  unitAllowListStale,
  manualEndpointsStale,
  pluginEtcdEndpoints,
  runtimeNoProxyList,
  kubeletInsecure,
  apiServerInsecure,
  joinInsecure,
  tokenEndless,
  tokenExpired,
  superAdminInPod,
  superAdminConf,
  caKeyOnOneNode,
  etcdInitialClusterStale,
  etcdMembersByPosition,
  joinFileLeft,
  makerUnproven,
];

export interface AuditResult {
  readonly findings: readonly AuditFinding[];
  readonly unknown: readonly Unseen[];
}

const SEVERITIES = ['error', 'warning', 'notice'] as const;

/** All that the rules find, what hurts first before the rest, and what could not be seen. */
export function auditFindings(snapshot: AuditSnapshot, now: Date): AuditResult {
  const view = auditView(snapshot, now);
  const found = auditRules.flatMap((rule) => rule.check(view));
  return { findings: SEVERITIES.flatMap((severity) => found.filter((finding) => finding.severity === severity)), unknown: unseenOf(snapshot) };
}
