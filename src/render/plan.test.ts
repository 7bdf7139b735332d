import { expect, it } from 'vitest';
import type { ContentJson, PlanFileJson, PlanJson, PlanStepJson } from '../contract/plan.ts';
import { planJson } from '../contract/plan.ts';
import { collectTexts } from '../plan/texts.ts';
import { paintFor } from './paint.ts';
import { renderPlan } from './plan.ts';

const texts = collectTexts();
const paint = paintFor(false);

function step(id: string, fields: Partial<PlanStepJson> = {}): PlanStepJson {
  return { id, on: { lane: id.split('/')[0] ?? id }, title: `Do ${id}`, why: 'it is not done', needs: [], effect: {}, actions: [], ...fields };
}

function writing(content: ContentJson, fields: Partial<PlanFileJson> = {}): PlanStepJson['actions'][number] {
  const path = fields.path ?? '/etc/demo.conf';
  return { kind: 'file', role: 'goal', title: `write ${path}`, file: { path, mode: '0644', owner: 'root:root', content, ...fields } };
}

function show(steps: readonly PlanStepJson[], ownValues?: Readonly<Record<string, readonly string[]>>): string {
  const plan: PlanJson = planJson({ cluster: 'demo', desired: '', basis: [], steps, texts: texts.all() });
  return renderPlan(plan, { paint, ...(ownValues && { ownValues }) });
}

it('shows steps per node with files, commands, restarts and why', () => {
  const token = { slot: 'token', type: 'text', secret: true, shown: 'join token' } as const;
  const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g', ''].join('\n');
  const steps = [
    step('cp-1/files', {
      title: 'Files',
      why: '/etc/demo.conf has other content',
      actions: [
        writing(texts.contentOf(before.replace('e', 'E')), { before, isNew: false }),
        writing([...texts.contentOf('token: '), token, ...texts.contentOf('\n')], { path: '/etc/token', mode: '0600', isNew: true }),
        { kind: 'unit', role: 'goal', title: 'restart demo.service', command: 'systemctl restart demo.service', restarts: 'demo.service' },
      ],
    }),
    step('token', { on: { anyOf: 'control-plane' }, title: 'Make a join token', needs: [{ step: 'cp-1/files', when: 'succeeded' }], gates: ['etcd keeps its quorum'] }),
    step('revoke', {
      on: { anyOf: 'control-plane' },
      title: 'Revoke it',
      needs: ['token', 'w-1/a', 'w-2/a', 'w-3/a', 'w-4/a', 'w-5/a'].map((id) => ({ step: id, when: 'finished' })),
      actions: [{ kind: 'x', role: 'means', title: 'delete the token', knownAfter: 'its id' }],
    }),
  ];
  expect(show(steps)).toMatchInlineSnapshot(`
    "cp-1
      1. Files  cp-1/files
         why: /etc/demo.conf has other content
         - write /etc/demo.conf
             /etc/demo.conf  0644 root:root
               @@ -2,6 +2,6 @@
                b
                c
                d
               -e
               +E
                f
                g
         - write /etc/token
             /etc/token  0600 root:root  (new)
               +token: ‹join token›
         - restart demo.service
             $ systemctl restart demo.service
             restarts demo.service

    any of control-plane
      1. Make a join token  token
         why: it is not done
         after: cp-1/files
         only if: etcd keeps its quorum
      2. Revoke it  revoke
         why: it is not done
         after: w-1/a (however it ends), w-2/a (however it ends), w-3/a (however it ends), w-4/a (however it ends) and 1 more
         - delete the token
             known after it: its id

    3 steps on 1 node
    "
  `);
});

it('claims of a plan without steps no more than was seen', () => {
  const nothing: PlanJson = planJson({ cluster: 'demo', desired: '', basis: [], steps: [], texts: {} });
  expect(renderPlan(nothing, { paint })).toBe('nothing to do: 0 steps, all is as the cluster file says\n');
  expect(renderPlan(nothing, { paint, isPartial: true })).toBe('nothing to do: 0 steps, for what could be seen\n');
  expect(show([step('labels', { on: { anyOf: 'control-plane' } })])).toContain('1 step through any healthy control plane\n');
});

it('shows nodes once that do the same but for their name', () => {
  const joining = (node: string, address: string): PlanStepJson =>
    step(`${node}/join`, { title: `Join ${node}`, actions: [writing(texts.contentOf(`name: ${node}\nip: ${address}\n`), { isNew: true })] });
  const steps = [joining('w-1', '10.0.0.1'), joining('w-10', '10.0.0.10'), step('w-2/other')];
  const own = { 'w-1': ['10.0.0.1'], 'w-10': ['10.0.0.10'] };
  expect(show(steps, own)).toMatchInlineSnapshot(`
    "w-1, w-10
      equal work on 2 nodes; shown as on w-1
      1. Join w-1  w-1/join
         why: it is not done
         - write /etc/demo.conf
             /etc/demo.conf  0644 root:root  (new)
               +name: w-1
               +ip: 10.0.0.1

    w-2
      1. Do w-2/other  w-2/other
         why: it is not done

    3 steps on 3 nodes
    "
  `);
  expect(show(steps)).not.toContain('equal work');
});

it.each([
  ['only the mode', { before: 'x\n', isNew: false }, '(mode or owner only)'],
  ['what was not read', { isNew: false }, '(what it holds now was not read)'],
])('says that a file changes in %s', (_words, fields, words) => {
  expect(show([step('a/b', { actions: [writing(texts.contentOf('x\n'), fields)] })])).toContain(words);
});

it('does nothing to a terminal that a text asks for', () => {
  const shown = show([step('a/b', { why: '\u001B[2Jgone\u0007', actions: [writing(texts.contentOf('\u001B]0;title\u0007x\r\n'))] })]);
  // eslint-disable-next-line no-control-regex
  expect(shown).not.toMatch(/[\u0000-\u0009\u000B-\u001F]/);
});

it('says so when there is nothing to do', () => {
  expect(show([])).toBe('nothing to do: 0 steps, all is as the cluster file says\n');
});
