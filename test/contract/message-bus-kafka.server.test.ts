import { openKafkaTestBus } from '../servers/kafka-test-bus.js';
import { describeWithServer } from '../servers/with-server.js';
import { messageBusContract } from './message-bus.contract.js';

describeWithServer('kafka', 'Kafka', (brokers) => {
  messageBusContract('Kafka', () => openKafkaTestBus(brokers));
});
