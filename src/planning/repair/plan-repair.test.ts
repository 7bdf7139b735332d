import { describe, expect, it } from 'vitest';
import type { DeployPlan } from '../step-types.ts';
import { afterRepair, findingsOf, repairOf, secondLook } from './testing/repaired-world.ts';
import { flawed } from './testing/flaws.ts';

const ids = ({ steps }: DeployPlan): readonly string[] => steps.map(({ id }) => id);
const outline = ({ steps }: DeployPlan): readonly string[] => steps.map(({ id, needs }) => `${id}${needs.length === 0 ? '' : ` after ${needs.map(({ step }) => step).join(', ')}`}`);

describe('L0', () => {
  const audited = flawed(['advertise']);
  const { plan, refused, byHand } = repairOf(audited);

  it('is taken out of shared state first, then mended on one control plane after another', () => {
    expect({ refused, byHand }).toEqual({ refused: [], byHand: [] });
    expect(outline(plan)).toEqual(['shared/kubeadm-config', 'cp-2/kube-apiserver after shared/kubeadm-config', 'cp-3/kube-apiserver after cp-2/kube-apiserver']);
  });

  it('leaves nothing to find, and a second plan is empty', () => {
    const after = afterRepair(audited, plan);
    expect(findingsOf(after.audited)).toEqual([]);
    expect(ids(repairOf(after.audited, after.snapshot).plan)).toEqual([]);
  });
});

describe('an endpoint that is one machine', () => {
  const audited = flawed(['endpoint']);
  const { plan, refused, byHand } = repairOf(audited);

  it('is left in the order of who relies on whom', () => {
    expect({ refused, byHand }).toEqual({ refused: [], byHand: [] });
    expect(outline(plan)).toMatchInlineSnapshot(`
      [
        "cp-1/serving-certificate",
        "cp-2/serving-certificate after cp-1/serving-certificate",
        "cp-3/serving-certificate after cp-2/serving-certificate",
        "cp-1/endpoint after cp-1/serving-certificate, cp-2/serving-certificate, cp-3/serving-certificate",
        "cp-2/endpoint after cp-1/serving-certificate, cp-2/serving-certificate, cp-3/serving-certificate",
        "cp-3/endpoint after cp-1/serving-certificate, cp-2/serving-certificate, cp-3/serving-certificate",
        "w-1/endpoint after cp-1/serving-certificate, cp-2/serving-certificate, cp-3/serving-certificate",
        "shared/kube-proxy-endpoint after cp-1/serving-certificate, cp-2/serving-certificate, cp-3/serving-certificate, cp-1/endpoint, cp-2/endpoint, cp-3/endpoint, w-1/endpoint",
        "cp-2/kubeconfigs after cp-1/serving-certificate, cp-2/serving-certificate, cp-3/serving-certificate, cp-2/endpoint",
        "cp-3/kubeconfigs after cp-1/serving-certificate, cp-2/serving-certificate, cp-3/serving-certificate, cp-3/endpoint",
        "w-1/kubeconfigs after cp-1/serving-certificate, cp-2/serving-certificate, cp-3/serving-certificate, w-1/endpoint",
        "shared/endpoint after cp-1/serving-certificate, cp-2/serving-certificate, cp-3/serving-certificate, cp-1/endpoint, cp-2/endpoint, cp-3/endpoint, w-1/endpoint, cp-2/kubeconfigs, cp-3/kubeconfigs, w-1/kubeconfigs, shared/kube-proxy-endpoint",
      ]
    `);
  });

  it('leaves nothing to find, and a second plan is empty', () => {
    const after = afterRepair(audited, plan);
    expect(findingsOf(after.audited)).toEqual([]);
    expect(ids(repairOf(after.audited, after.snapshot).plan)).toEqual([]);
  });
});

it('looks at a machine once more before it plans', () => expect(secondLook(flawed(['advertise'])).hosts).toHaveProperty('cp-1.state', 'known'));
