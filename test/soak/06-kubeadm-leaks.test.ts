import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pollUntil } from '../../src/util/poll.ts';
import { auditedFrom, findingsOf } from '../lab-support/audit.ts';
import type { Audited } from '../lab-support/audit.ts';
import { flannelManifest } from '../lab-support/kubeadm/flannel.ts';
import { authorityPin, endpointOf, kubeadmInit, kubeadmJoin, newSecrets } from '../lab-support/kubeadm/init-and-join.ts';
import { startResolved } from '../lab-support/kubeadm/resolved.ts';
import { STORY_LAB, raiseInstalledLab } from '../lab-support/kubeadm/story-lab.ts';
import { read } from '../lab-support/on-machine.ts';
import { clearLab } from '../lab-support/test-lab.ts';
import type { Machine } from '../lab-support/test-lab.ts';

const LAB = { ...STORY_LAB, controlPlanes: 1, workers: 1 };
const RESOLVED = '/run/systemd/resolve/resolv.conf';
/** Of the person who typed kubeadm init: a proxy that nobody else has. */
const SHELL = { HTTPS_PROXY: 'http://127.0.0.1:3128', NO_PROXY: '.story.example,10.0.0.0/8,127.0.0.0/8' };
const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';
const NOTICED_WITHIN_MS = 120_000;

/** L31 and L32, kubeadm's own leaks: the init machine's resolver for all kubelets, and its shell's proxy for all kube-proxies. */
describe('what kubeadm init takes from its machine and its shell', () => {
  let first: Machine;
  let worker: Machine;
  let audited: Audited;

  beforeAll(async () => {
    const machines = await raiseInstalledLab(LAB);
    [first, worker] = ['control-plane', 'worker'].map((role) => machines.find((machine) => machine.role === role)!) as [Machine, Machine];
    await startResolved(first);
    const secrets = newSecrets();
    await kubeadmInit(first, 'none', secrets, SHELL);
    await read(first, `${KUBECTL} apply -f - <<'END'\n${JSON.stringify(flannelManifest())}\nEND`);
    await kubeadmJoin(worker, { endpoint: endpointOf('none', first), token: secrets.token, pin: await authorityPin(first) });
    audited = await auditedFrom(first);
  });

  afterAll(async () => clearLab(LAB));

  it("L31: the resolver of init's machine is told to all, and the worker has no such file", async () => {
    expect(await read(first, `${KUBECTL} -n kube-system get configmap kubelet-config -o yaml`)).toContain(`resolvConf: ${RESOLVED}`);
    expect(await read(worker, `cat /var/lib/kubelet/config.yaml; ls ${RESOLVED} 2>&1 || true`)).toMatch(/resolvConf: \/run\/systemd[\s\S]*No such file/);
  });

  it('L31: no pod starts there', async () => {
    const refused = async (): Promise<true | undefined> => {
      const events = await read(
        first,
        `${KUBECTL} get events --all-namespaces --field-selector involvedObject.kind=Pod -o jsonpath='{range .items[*]}{.source.host} {.message}{"\\n"}{end}'`,
      );
      return new RegExp(`^${worker.name} .*${RESOLVED}: no such file`, 'm').test(events) ? true : undefined;
    };
    await expect(pollUntil(refused, { what: 'an event that says so', deadlineMs: NOTICED_WITHIN_MS, everyMs: 1000 })).resolves.toBe(true);
  });

  it('L31: the audit names it, and the machine that lacks it', () => {
    const [finding] = findingsOf(audited, 'shared-resolver');
    expect(finding?.severity).toBe('error');
    expect(finding?.evidence.join('\n')).toContain(`${worker.name} has no ${RESOLVED}`);
  });

  it("L32: the shell's proxy is in the workload of all nodes and in the manifests of one", async () => {
    expect(await read(first, `${KUBECTL} -n kube-system get daemonset kube-proxy -o yaml`)).toContain(SHELL.HTTPS_PROXY);
    expect(await read(first, 'cat /etc/kubernetes/manifests/kube-controller-manager.yaml')).toContain(SHELL.HTTPS_PROXY);
  });

  it('L32: the audit names both', () => {
    const evidence = findingsOf(audited, 'proxy-environment')
      .flatMap((finding) => finding.evidence)
      .join('\n');
    expect(evidence).toContain(`HTTPS_PROXY=${SHELL.HTTPS_PROXY}`);
    expect(evidence).toMatch(/DaemonSet.*kube-proxy/);
    expect(evidence).toContain('/etc/kubernetes/manifests/kube-controller-manager.yaml');
  });
});
