/** The hinge losses, which load together. */

export * from './categorical-hinge.js';
export * from './hinge.js';
export * from './squared-hinge.js';
