import { describe, expect, it } from 'vitest';
import { laneId } from '../../plan/plan.ts';
import { encoded, recorded } from '../testing/recorded-answers.ts';
import { parseCluster } from './parse-cluster.ts';
import { parseStatusView, statusScript } from './status-view.ts';

const via = laneId('cp-2');
const answer = recorded('cluster');

describe('the view of a status', () => {
  it('is a part of what planning sees of the same answers', () => {
    const view = parseStatusView(encoded(answer), via);
    expect(view).toMatchObject({ state: 'known', value: { via: 'cp-2', version: 'v1.36.3' } });
    expect(parseCluster(encoded(answer), via)).toMatchObject(view);
  });

  it('is known without etcd, and unknown without the API', () => {
    expect(parseStatusView(encoded({ ...answer, 'members.exit': '1', 'members.error': 'no leader' }), via)).toMatchObject({
      value: { etcdMembers: { state: 'unknown', why: 'no leader' } },
    });
    expect(parseStatusView(encoded({ ...answer, 'nodes.exit': '1', 'nodes.error': 'first\nconnection refused\n' }), via)).toEqual({
      state: 'unknown',
      why: 'cp-2: connection refused',
    });
    expect(parseStatusView(encoded({ ...answer, nodes: 'no JSON' }), via)).toMatchObject({ state: 'unknown', why: expect.stringContaining('cannot be read') as string });
    expect(parseStatusView('', via)).toMatchObject({ state: 'unknown' });
  });

  it('asks for less than ten seconds, one question beside the other', () => {
    expect(statusScript().match(/ &$/gm)).toHaveLength(6);
  });
});
