import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { foreign } from '../../model/foreign.ts';
import { constant } from '../../model/scope.ts';
import type { Planned } from '../../plan/plan.ts';
import { sha256 } from '../../util/sha256.ts';
import type { Action } from '../action.ts';
import { DRIFTED_EXIT } from '../kind.ts';
import { FakeRoot } from '../testing/run-compiled.ts';
import { configMapEntry } from './config-map-entry.ts';
import { BACKUP_DIR } from '../../shell/remote-paths.ts';
import { servingNames } from './serving-names.ts';

// Programs are started: a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000 });

let root: FakeRoot;
beforeEach(() => {
  root = new FakeRoot();
});
afterEach(() => root.remove());

const goal = (action: Action): Planned<Action> => ({ role: 'goal', action });

describe('an entry of a ConfigMap', () => {
  const texts: Record<string, string> = {};
  const add = (text: string) => {
    texts[sha256(text)] = text;
    return { text: sha256(text) };
  };
  const action = configMapEntry({ configMap: 'kube-system/kube-proxy', key: 'config.conf', was: foreign('old\n'), text: constant('new\n') }, add);

  /** A kubectl that shows this text, and keeps what it is given. */
  function cluster(text: string): void {
    writeFileSync(root.at('entry'), text);
    root.standIn(
      'kubectl',
      `case "$*" in *go-template*) cat ${root.at('entry')};; *apply*) cat > ${root.at('kept')};; *--patch-file*) for file; do :; done; cp "$file" ${root.at('patch')};; esac`,
    );
  }

  it('is kept beside the ConfigMap, then changed by a patch that tests the old text', () => {
    cluster('old\n');
    expect(root.run([goal(action)], texts).exitCode).toBe(0);
    expect(JSON.parse(root.read('kept'))).toMatchObject({ metadata: { namespace: 'kube-system', name: action.keptAs }, data: { 'config.conf': 'old\n' } });
    expect(JSON.parse(root.read('patch'))).toEqual([
      { op: 'test', path: '/data/config.conf', value: 'old\n' },
      { op: 'replace', path: '/data/config.conf', value: 'new\n' },
    ]);
    const verbs = root.calls().map((call) => /get|apply|patch/.exec(call)?.[0]);
    expect(verbs).toEqual(['get', 'apply', 'patch']);
  });

  it('marks who reads it before it is changed: a run that dies between owes the restart', () => {
    cluster('old\n');
    expect(root.run([goal({ ...action, restartDue: { workload: 'kube-system/DaemonSet/kube-proxy', digest: 'd1' } })], texts).exitCode).toBe(0);
    const [, , mark, patch] = root.calls();
    expect(mark).toMatch(/annotate --overwrite \S*kube-proxy kubewright\.dev\/restart-due=d1$/);
    expect(patch).toContain('--patch-file');
  });

  it('that is changed already is left', () => {
    cluster('new\n');
    expect(root.run([goal(action)], texts).exitCode).toBe(0);
    expect(root.calls()).toHaveLength(1);
  });

  it('that somebody has changed otherwise is drifted: nothing is written', () => {
    cluster('edited\n');
    const { exitCode, output } = root.run([goal(action)], texts);
    expect(exitCode).toBe(DRIFTED_EXIT);
    expect(output.at(-1)).toContain('ConfigMap kube-system/kube-proxy, config.conf');
    expect(root.calls()).toHaveLength(1);
  });
});

describe('the server of a kubeconfig', () => {
  const FROM = 'https://10.0.0.11:6443';
  const TO = 'https://api.demo.kubewright.internal:7443';
  const kubeconfig = (server: string): string =>
    `apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: Q0E=\n    server: ${server}\n  name: a\nusers:\n- user:\n    client-key-data: SECRET\n`;
  const change = (): Planned<Action> => goal({ kind: 'kubeconfig-server', path: root.at('admin.conf'), from: FROM, to: TO });
  const text = (): string => readFileSync(root.at('admin.conf'), 'utf8');

  function lies(server: string, answer = 'ok'): void {
    writeFileSync(root.at('admin.conf'), kubeconfig(server), { mode: 0o600 });
    root.standIn('kubectl', `echo ${answer}`);
  }

  it('is changed alone: all else of the file, its mode and its key stay', () => {
    lies(FROM);
    expect(root.run([change()]).exitCode).toBe(0);
    expect(text()).toBe(kubeconfig(TO));
    expect((statSync(root.at('admin.conf')).mode & 0o777).toString(8)).toBe('600');
    expect(root.read('state', 'ledger.jsonl')).not.toContain('SECRET');
    expect(readdirSync(root.path).filter((name) => name.includes('kubewright-new'))).toEqual([]);
  });

  it('is tried before it takes the old place: where nobody answers the file stays as it is', () => {
    lies(FROM, 'refused');
    const { exitCode, output } = root.run([change()]);
    expect(exitCode).toBe(1);
    expect(output.at(-1)).toContain(`${TO} does not answer`);
    expect(text()).toBe(kubeconfig(FROM));
  });

  it.each([
    { shows: 'exit 0', exitCode: 0, said: '', server: TO },
    { shows: 'echo self-signed; exit 1', exitCode: 1, said: `${TO} does not answer: self-signed`, server: FROM },
  ])('is tried with its own authority where there is no kubectl ($shows)', ({ shows, exitCode, said, server }) => {
    lies(FROM);
    root.lacks('kubectl');
    root.standIn('openssl', shows);
    const run = root.run([change()]);
    expect({ exitCode: run.exitCode, said: run.output.at(-1) ?? '', text: text() }).toEqual({ exitCode, said, text: kubeconfig(server) });
    expect(root.calls().at(-1)).toContain('openssl s_client -connect api.demo.kubewright.internal:7443 -servername api.demo.kubewright.internal -verify_hostname');
    expect(readdirSync(root.path).filter((name) => name.includes('kubewright-new'))).toEqual([]);
  });

  it.each(['https://10.0.0.99:6443', `${FROM}0`])('that is another (%s) is drifted', (server) => {
    lies(server);
    expect(root.run([change()]).exitCode).toBe(DRIFTED_EXIT);
    expect(text()).toBe(kubeconfig(server));
  });

  describe('restarts a kubelet that reads it', () => {
    const led = (healthz: string): Planned<Action> =>
      goal({ kind: 'kubeconfig-server', path: root.at('admin.conf'), from: FROM, to: TO, reader: { unit: 'kubelet.service', healthz } });
    /** A systemd that calls the unit active whatever its process does, each restart with a new process. */
    function systemd(): void {
      writeFileSync(root.at('pid'), '100\n');
      root.standIn('systemctl', `case "$1" in show) cat ${root.at('pid')};; restart) echo $(($(cat ${root.at('pid')}) + 1)) > ${root.at('pid')};; esac`);
      root.standIn('journalctl', 'echo the kubelet ended');
    }
    const restarts = (): number => root.calls().filter((call) => call === 'systemctl restart kubelet.service').length;

    it('whether it was changed now or by a run that died, and asks the new process whether it is well', () => {
      systemd();
      root.standIn('bash', '[ "$3 $4" = "127.0.0.1 10248" ]');
      for (const server of [FROM, TO]) {
        lies(server);
        expect(root.run([led('127.0.0.1:10248')])).toMatchObject({ exitCode: 0 });
      }
      expect(restarts()).toBe(2);
    });

    it('and fails with its words where it comes up never, though systemd calls it active', () => {
      systemd();
      lies(FROM);
      root.standIn('bash', 'exit 1');
      // A clock that hurries: nobody waits for the deadline.
      root.standIn('date', `n=$(cat ${root.at('now')} 2>/dev/null || echo 0); echo $((n + 60)) | tee ${root.at('now')}`);
      const { exitCode, output } = root.run([led('127.0.0.1:10248')]);
      expect(exitCode).toBe(1);
      expect(output.slice(-2)).toEqual(['waited in vain: the new process of kubelet.service stays and is well', 'the kubelet ended']);
    });

    it('and takes a process that lives on for well where it says so nowhere', () => {
      systemd();
      lies(FROM);
      writeFileSync(root.at('pid'), '0\n');
      // The first process of the machine has lived for long.
      expect(root.run([led('')])).toMatchObject({ exitCode: 0 });
    });

    it('is heard over HTTP', async () => {
      const source =
        "require('node:http').createServer((q, r) => { r.statusCode = q.url === '/healthz' ? 200 : 404; r.end('ok'); }).listen(0, '127.0.0.1', function () { console.log(this.address().port); })";
      const server = spawn(process.execPath, ['-e', source]);
      const [port] = (await once(server.stdout, 'data')) as [Buffer];
      systemd();
      lies(FROM);
      expect(root.run([led(`127.0.0.1:${port.toString().trim()}`)])).toMatchObject({ exitCode: 0 });
      server.kill();
    });
  });
});

describe('the pair that an API server serves with', () => {
  const OPENSSL = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=old', '-days', '1'];

  it('is kept once for each pair that lay there: the old key is not overwritten by a run that comes after one that died', () => {
    const [certificate, key] = [root.at('apiserver.crt'), root.at('apiserver.key')];
    execFileSync('openssl', [...OPENSSL, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    const [oldCertificate, oldKey] = [readFileSync(certificate, 'utf8'), readFileSync(key, 'utf8')];
    const place = servingNames.script({
      ...{
        kind: 'serving-names',
        names: [],
        certificate,
        key,
        authority: certificate,
        authorityKey: key,
        was: sha256(oldCertificate),
        config: { text: sha256('') },
        shownAt: '127.0.0.1:1',
      },
    });
    const keep = place.shell.split('\n').filter((line) => /^(public|keep|keep_once)\b/.test(line));
    const run = (): void =>
      void execFileSync('sh', ['-ec', ['kw_sha() { sha256sum < "$1" | cut -d" " -f1; }', ...keep].join('\n').replaceAll(BACKUP_DIR, root.at('backup'))], { stdio: 'ignore' });
    run();
    execFileSync('openssl', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-out', key], { stdio: 'ignore' });
    run();
    run();
    const kept = readdirSync(root.at('backup')).map((pair) => readFileSync(root.at('backup', pair, 'apiserver.key'), 'utf8'));
    expect(kept.sort()).toEqual([oldKey, readFileSync(key, 'utf8')].sort());
    for (const pair of readdirSync(root.at('backup'))) expect(readFileSync(root.at('backup', pair, 'apiserver.crt'), 'utf8')).toBe(oldCertificate);
  });
});
