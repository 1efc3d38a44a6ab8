/** A time axis from 0 to `total` ms with a few round marks. */
export interface Axis {
  readonly total: number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** As many marks fit beside each other when the axis is narrow. */
const mostSteps = 7;

/** An axis for a total in ms; marks at round figures, three to eight of them. */
export function axisFor(total: number): Axis {
  if (!(total > 0) || !Number.isFinite(total)) return { total: 1, ticks: [{ at: 0, label: '0 ms' }] };
  const step = roundStep(total);
  const count = Math.floor(total / step + 1e-9);
  const ticks = Array.from({ length: count + 1 }, (_, index) => ({
    at: index * step, label: labelOf(index * step, step),
  }));
  return { total, ticks };
}

function roundStep(total: number): number {
  const power = 10 ** Math.floor(Math.log10(total / mostSteps));
  return ([1, 2, 2.5, 5].find((factor) => total / (factor * power) <= mostSteps) ?? 10) * power;
}

/** The unit stands at the first mark, which is shown however narrow the axis is. */
function labelOf(at: number, step: number): string {
  const [value, size, unit] = step >= 500 ? [at / 1000, step / 1000, ' s'] : [at, step, ' ms'];
  return at === 0 ? `0${unit}` : value.toFixed(decimalsOf(size));
}

function decimalsOf(step: number): number {
  const exact = [0, 1, 2, 3, 4].find(
    (digits) => Math.abs(step - Number(step.toFixed(digits))) < 1e-9,
  );
  return exact ?? 5;
}
