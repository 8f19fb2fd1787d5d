import { testPrograms } from './suite.js';

testPrograms(0, 500);
