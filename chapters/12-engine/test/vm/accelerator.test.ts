import { describe, expect, it } from 'vitest';
import { decide } from '../../workbook/vm/accelerator.ts';

const svm = 'flags\t\t: fpu svm sse\n';

describe('the processor of a machine', () => {
  it('is virtualized where the device opens and the processor can', () => {
    expect(decide({ arch: 'x64', cpuinfo: svm, device: undefined })).toEqual({
      accelerator: 'kvm',
      why: '',
    });
  });

  it('is emulated where /dev/kvm opens but the processor offers nothing for guests', () => {
    const choice = decide({ arch: 'x64', cpuinfo: 'flags\t\t: fpu sse\n', device: undefined });
    expect(choice).toEqual({
      accelerator: 'tcg',
      why: 'the processor offers neither VMX nor SVM',
    });
  });

  it('is not fooled by a flag that only begins like one', () => {
    const choice = decide({ arch: 'x64', cpuinfo: 'flags\t\t: svm_lock\n', device: undefined });
    expect(choice.accelerator).toBe('tcg');
  });

  it('is emulated without the device, and says what is the matter with it', () => {
    const choice = decide({ arch: 'x64', cpuinfo: svm, device: 'there is none' });
    expect(choice).toEqual({ accelerator: 'tcg', why: '/dev/kvm: there is none' });
  });

  it('on arm64, whose cpuinfo does not tell, goes by the device', () => {
    const choice = decide({ arch: 'arm64', cpuinfo: '', device: undefined });
    expect(choice.accelerator).toBe('kvm');
  });
});
