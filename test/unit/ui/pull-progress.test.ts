import { expect } from '@open-wc/testing';
import type { PullProgress } from '../../../src/protocol/client.ts';
import { PullMeter } from '../../../src/ui/pull-progress.ts';

const MB = 1_000_000;
const MANIFEST: PullProgress = { status: 'pulling manifest' };
const VERIFYING: PullProgress = { status: 'verifying sha256 digest' };
const SUCCESS: PullProgress = { status: 'success' };

/** A line about the layer `name`; the first of a layer has no `completed`. */
const of = (name: string, total: number, completed?: number): PullProgress => ({
  status: `pulling ${name}`,
  digest: `sha256:${name}`,
  total,
  ...(completed !== undefined && { completed }),
});

/** A meter that was given each line in turn, so many milliseconds apart, and what its bar was after each. */
function fed(lines: PullProgress[], gap = 60, meter = new PullMeter(), start = 1000): { meter: PullMeter; bar: number[] } {
  const bar = lines.map((line, index) => {
    meter.add(line, start + index * gap);
    return meter.fraction;
  });
  return { meter, bar };
}

/** `count` lines of a layer of 1000 MB, from `from` on, each `step` bytes further. */
const stretch = (from: number, step: number, count: number) =>
  Array.from({ length: count }, (_, index) => of('big', 1000 * MB, from + index * step));

describe('PullMeter', () => {
  it('has nothing to tell before the first line', () => {
    const { stage, fraction, completed, total, speed, secondsLeft } = new PullMeter();
    expect({ stage, fraction, completed, total, speed, secondsLeft }).to.deep.equal({
      stage: 'manifest',
      fraction: 0,
      completed: 0,
      total: 0,
      speed: undefined,
      secondsLeft: undefined,
    });
  });

  it('tells the stage by the words of each line', () => {
    const stages: [PullProgress, string][] = [
      [MANIFEST, 'manifest'],
      [of('big', 9), 'downloading'],
      [{ status: 'something new' }, 'downloading'],
      [{ status: '' }, 'downloading'],
      [VERIFYING, 'verifying'],
      [{ status: 'writing manifest' }, 'verifying'],
      [{ status: 'removing unused layers' }, 'verifying'],
      [SUCCESS, 'done'],
    ];
    const meter = new PullMeter();
    for (const [line, stage] of stages) {
      meter.add(line, 0);
      expect(meter.stage, line.status).to.equal(stage);
    }
  });

  it('knows a layer of another kind by its digest', () => {
    const { meter } = fed([{ status: 'pulling model', digest: 'sha256:model', total: 100 * MB, completed: 25 * MB }]);
    expect(meter.stage).to.equal('downloading');
    expect(meter.fraction).to.equal(0.25);
  });

  describe('counts bytes', () => {
    it('of all layers together, one after the other or at once', () => {
      const lines = [of('a', 300, 100), of('b', 50), of('a', 300, 200), of('b', 50, 50), of('c', 5, 1)];
      const { meter } = fed([MANIFEST, ...lines]);
      expect([meter.completed, meter.total]).to.deep.equal([251, 355]);
    });

    it('only where a size is known, and never more than it', () => {
      const { digest, status } = of('x', 1);
      const { meter } = fed([{ status, digest, completed: 7 }, { status, total: 7 }, of('y', 10, 12), of('z', 0, 5)]);
      expect([meter.completed, meter.total]).to.deep.equal([10, 10]);
    });

    it('as they are, also where a part is fetched again', () => {
      const { meter } = fed([of('big', 100 * MB, 50 * MB), of('big', 100 * MB, 40 * MB)]);
      expect(meter.completed).to.equal(40 * MB);
    });

    it('as complete once they are verified: the last line of a layer may be left out', () => {
      const { meter } = fed([of('big', 100 * MB, 97 * MB), VERIFYING]);
      expect([meter.completed, meter.total, meter.fraction]).to.deep.equal([100 * MB, 100 * MB, 1]);
    });
  });

  describe('fills the bar', () => {
    it('as the bytes come', () => {
      const { bar } = fed([MANIFEST, of('big', 100 * MB), of('big', 100 * MB, 20 * MB), of('big', 100 * MB, 70 * MB)]);
      expect(bar).to.deep.equal([0, 0, 0.2, 0.7]);
    });

    it('not before a layer of real size is known', () => {
      const { bar } = fed([of('licence', 8000), of('licence', 8000, 8000), of('config', 500, 500), of('big', 100 * MB, 50 * MB)]);
      expect(bar.slice(0, 3)).to.deep.equal([0, 0, 0]);
      expect(bar[3]).to.be.closeTo(0.5, 0.001);
    });

    it('not to the end before the last layer is there, and then at once', () => {
      const { bar } = fed([of('big', 100 * MB, 100 * MB), of('config', 500), of('config', 500, 500), VERIFYING, SUCCESS]);
      expect(bar).to.deep.equal([0.99, 0.99, 0.99, 1, 1]);
    });

    it('at the end for a model of nothing but small layers', () => {
      const { bar } = fed([MANIFEST, of('weights', 5 * MB, 5 * MB), VERIFYING]);
      expect(bar).to.deep.equal([0, 0, 1]);
    });

    it('where it went on, after a pause', () => {
      const { meter, bar } = fed([MANIFEST, ...stretch(0, 100 * MB, 5)]);
      expect(bar.at(-1)).to.equal(0.4);
      // A little of what was on its way is lost.
      const again = fed([MANIFEST, ...stretch(380 * MB, 40 * MB, 3)], 60, meter, 90_000);
      expect(again.bar).to.deep.equal([0.4, 0.4, 0.42, 0.46]);
    });

    it('at once to where an earlier pull has come', () => {
      expect(fed([MANIFEST, of('big', 100 * MB, 60 * MB)]).bar).to.deep.equal([0, 0.6]);
    });

    it('never back, in whatever order layers are known and whatever they say', () => {
      // Always the same numbers: a linear congruence.
      let seed = 7;
      const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % below;
      for (let round = 0; round < 200; round++) {
        const sizes = Array.from({ length: 1 + random(5) }, () => 10 ** (2 + random(9)));
        const lines = Array.from({ length: 60 }, () => {
          const at = random(sizes.length);
          return random(20) ? of(String(at), sizes[at]!, random(sizes[at]! * 1.2)) : MANIFEST;
        });
        const { bar } = fed([...lines, VERIFYING, SUCCESS]);
        for (const [index, fraction] of bar.entries()) {
          expect(fraction, `round ${round}, line ${index}`).to.be.within(bar[index - 1] ?? 0, index < lines.length ? 0.99 : 1);
        }
        expect(bar.at(-1)).to.equal(1);
      }
    });
  });

  describe('measures speed', () => {
    it('once there is a second to measure', () => {
      const { meter } = fed(stretch(0, MB, 10), 100);
      expect(meter.speed).to.equal(undefined);
      expect(meter.secondsLeft).to.equal(undefined);
      fed(stretch(10 * MB, MB, 10), 100, meter, 2000);
      expect(meter.speed).to.be.closeTo(10 * MB, 1);
      expect(meter.secondsLeft).to.be.closeTo((1000 - 19) / 10, 0.001);
    });

    it('over the last seconds, not over all', () => {
      const { meter } = fed(stretch(0, MB, 100), 100);
      fed(stretch(100 * MB, 3 * MB, 60), 100, meter, 11_000);
      expect(meter.speed).to.be.closeTo(30 * MB, MB);
    });

    it('of all layers together', () => {
      const lines = Array.from({ length: 40 }, (_, step) => [of('a', 100 * MB, step * MB), of('b', 100 * MB, step * MB)]).flat();
      expect(fed(lines, 100).meter.speed).to.be.closeTo(10 * MB, MB);
    });

    it('without the bytes that were there already', () => {
      const there = [MANIFEST, of('old', 500 * MB, 500 * MB), ...stretch(400 * MB, MB, 20)];
      expect(fed(there, 100).meter.speed).to.be.closeTo(10 * MB, MB);
    });

    it('anew after an interruption, without what it found then', () => {
      const { meter } = fed([MANIFEST, ...stretch(0, MB, 50)], 100);
      expect(meter.speed).to.be.closeTo(10 * MB, MB);
      fed([MANIFEST, ...stretch(300 * MB, MB, 5)], 100, meter, 60_000);
      expect(meter.speed).to.equal(undefined);
      fed(stretch(305 * MB, MB, 20), 100, meter, 60_600);
      expect(meter.speed).to.be.closeTo(10 * MB, MB);
    });

    it('as nothing, and no time left, where nothing comes', () => {
      const { meter } = fed([...stretch(0, MB, 50), ...stretch(50 * MB, 0, 60)], 100);
      expect(meter.speed).to.equal(0);
      expect(meter.secondsLeft).to.equal(undefined);
    });

    it('as nothing where parts are fetched again, never as less', () => {
      const { meter } = fed(stretch(500 * MB, -MB, 30), 100);
      expect(meter.speed).to.equal(0);
    });

    it('over a silence as a whole', () => {
      const { meter } = fed(stretch(0, MB, 20), 100);
      meter.add(of('big', 1000 * MB, 29 * MB), 12_900);
      expect(meter.speed).to.be.within(0.5 * MB, 2 * MB);
    });

    it('no longer than something is pulled', () => {
      const { meter } = fed([...stretch(0, MB, 50), VERIFYING], 100);
      expect(meter.speed).to.equal(undefined);
      expect(meter.secondsLeft).to.equal(undefined);
    });
  });

  it('tells no time left while only small layers are known', () => {
    const { meter } = fed(
      Array.from({ length: 40 }, (_, step) => of('licence', 8000, step * 100)),
      100,
    );
    expect(meter.speed).to.be.above(0);
    expect(meter.secondsLeft).to.equal(undefined);
  });
});
