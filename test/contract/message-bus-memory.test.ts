import { systemClock } from '../../src/adapters/system/clock.js';
import { createMemoryBrokers } from '../stand-ins/memory-bus/memory-bus.js';
import { messageBusContract } from './message-bus.contract.js';

const shared = createMemoryBrokers({ clock: systemClock });
messageBusContract('in memory', () => shared.openBus());
