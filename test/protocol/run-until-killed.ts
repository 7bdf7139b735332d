import { readFileSync } from 'node:fs';
import type { HostTarget } from '../../src/hosts/host.ts';
import { openSshHosts } from '../../src/hosts/open-ssh-hosts.ts';
import type { HostLayout } from '../../src/shell/host-layout.ts';

interface Request {
  readonly target: HostTarget;
  readonly layout: HostLayout;
  readonly stepId: string;
  readonly script: string;
}

// A tool of one step: the test that started it kills it.
const { target, layout, stepId, script } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Request;
const { signal } = new AbortController();
await using opened = openSshHosts([target], { signal, layout });
const host = opened.hosts.get(target.name);
if (!host) throw new Error(`no host ${target.name}`);
const events = host.run({ fence: { runId: 'r-1', token: 1 }, stepId, script, inputs: new Map(), mode: 'detached', deadlineMs: 30_000 }, signal);
for await (const event of events) if (event.type === 'output') console.log(event.line);
