import { testPrograms } from './suite.js';

testPrograms(500, 500);
