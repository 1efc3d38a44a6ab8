import { noChange } from 'lit';
import { Directive, directive, PartType } from 'lit/directive.js';
import type { ElementPart, PartInfo } from 'lit/directive.js';

/**
 * Sets custom properties of an element through CSSOM: the page's policy forbids `style` attributes,
 * which is what lit's own `styleMap` writes at first.
 */
class PlaceDirective extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('place() belongs on an element');
  }

  override update(
    part: ElementPart,
    [values]: [Readonly<Record<string, number>>],
  ): typeof noChange {
    const style = (part.element as HTMLElement).style;
    for (const [name, value] of Object.entries(values))
      style.setProperty(`--${name}`, String(value));
    return noChange;
  }

  render(_values: Readonly<Record<string, number>>): typeof noChange {
    return noChange;
  }
}

/**
 * `<i ${place({ from: 12, width: 30 })}>`: numbers for the style sheet, as `--from` and `--width`.
 */
export const place = directive(PlaceDirective);
