import { z } from 'zod';
import { API_VERSION, headerOf } from './header.ts';

const component = z.strictObject({
  name: z.string(),
  version: z.string().optional().describe('absent where it could not be told'),
  running: z.boolean().nullable().describe('null where the machine was not reached'),
});

const certificate = z.strictObject({
  path: z.string(),
  notAfter: z.iso.datetime(),
  daysLeft: z.int().describe('whole days; negative once it has expired'),
});

const node = z.strictObject({
  name: z.string(),
  role: z.enum(['control-plane', 'worker']),
  address: z.string().optional(),
  inFile: z.boolean(),
  ready: z.boolean().nullable().describe('as its Node object says; null where there is none, or it was not seen'),
  reached: z.boolean().describe('whether the machine itself answered'),
  components: z.array(component).readonly(),
  firstToExpire: certificate.nullable().describe('of its certificates the one that expires first'),
});

const member = z.strictObject({
  id: z.string(),
  name: z.string(),
  leader: z.boolean(),
  learner: z.boolean(),
  healthy: z.boolean(),
});

const lastRun = z.strictObject({
  startedAt: z.iso.datetime(),
  command: z.string().nullable().describe('what was called; null for a run of an earlier version'),
  result: z.enum(['succeeded', 'failed', 'refused', 'cancelled']).nullable().describe('null while it runs, or when it died'),
  stepsRun: z.int().nonnegative().nullable(),
  unfinished: z.array(z.string()).readonly().describe('steps that began and of which no end is known'),
  journal: z.string(),
});

const script = z.strictObject({ node: z.string(), step: z.string() });
const lock = z.strictObject({ node: z.string(), owner: z.string(), runId: z.string(), since: z.string(), expires: z.string() });
const unseen = z.strictObject({ node: z.string().optional(), what: z.string(), why: z.string() });

/** What `status` answers. */
export const statusSchema = z.strictObject({
  ...headerOf('Status'),
  cluster: z.string(),
  time: z.iso.datetime(),
  kubernetes: z.string().nullable().describe('version of the API server that answered'),
  via: z.string().nullable().describe('control plane through which the cluster was seen'),
  endpoint: z.strictObject({ server: z.string(), apiServers: z.array(z.string()).readonly().describe('ready ones, by node name, else by address') }),
  nodes: z.array(node).readonly(),
  etcd: z.array(member).readonly(),
  lastRun: lastRun.nullable().describe('of this user on this machine; null also where it is not known'),
  lastRunUnread: z.string().optional().describe('why the last run is not known: its journal cannot be read'),
  locks: z.array(lock).readonly().describe('held now'),
  working: z.array(script).readonly().describe('scripts of runs that work on machines now'),
  unknown: z.array(unseen).readonly(),
});

export type StatusJson = z.infer<typeof statusSchema>;
export type StatusNodeJson = StatusJson['nodes'][number];

export function statusJson(fields: Omit<StatusJson, 'apiVersion' | 'kind'>): StatusJson {
  return { apiVersion: API_VERSION, kind: 'Status', ...fields };
}
