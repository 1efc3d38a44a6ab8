export { explainLabAction, explainLabProblem } from '../../explain/lab.ts';
export { labTreeRows, sampleOf } from './rows.ts';
