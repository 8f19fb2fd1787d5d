/** `ceratops.checkpoint@1`: a function whose way back keeps nothing but its operands, as `jax.checkpoint`. */
import { inline } from '../builder.js';
import { type CompositeDefinition, defineComposite } from '../composite.js';
import { optimizationBarrier } from '../emit/calls.js';
import { checkRegion, regionOutputs } from '../infer/rule.js';
import type { CompositeAttributes } from '../opset.js';
import type { Program } from '../program.js';

function bodyOf({ body }: CompositeAttributes): Program {
  return body as Program;
}

/** Attribute `body`: operands → results. */
export const checkpoint: CompositeDefinition = /*#__PURE__*/ defineComposite({
  name: 'ceratops.checkpoint@1',
  infer: (operands, attributes) => {
    const body = bodyOf(attributes);
    const results = regionOutputs(body);
    checkRegion('ceratops.checkpoint@1', 'body', body, operands, results);
    return results;
  },
  decompose: (emitter, operands, attributes) => inline(emitter, bodyOf(attributes), operands),
  rule: {
    kind: 'own',
    vjp: ({ emitter, operands, cotangents, needed, attributes, pullback }) => {
      // Behind the barrier the second computation is not the first one, and not ready before the cotangents are.
      const given = cotangents.filter((cotangent) => cotangent !== undefined);
      const values = [...optimizationBarrier(emitter, [...operands, ...given])];
      const again = values.splice(0, operands.length);
      const seeds = cotangents.map((cotangent) => (cotangent === undefined ? undefined : values.shift()));
      return pullback(bodyOf(attributes.attributes), again, seeds, needed);
    },
  },
});
