#!/usr/bin/env node
import { refuseOldNode } from './refuse-old-node.js';

refuseOldNode();
// Not by a static import, which would be loaded before the check.
await import('./command-line.js');
