// What application developers do first with kafkajs: produce, send a batch, consume from the beginning, replay, commit by
// batch, send to a dead-letter topic. Usage: node first-steps.js [HOST:PORT]; ends with 0 if all of it went as it should.
import assert from 'node:assert/strict'
import { CompressionTypes, Kafka, logLevel } from 'kafkajs'

const kafka = new Kafka({ clientId: 'first-steps', brokers: [process.argv[2] ?? 'localhost:9092'], logLevel: logLevel.ERROR })
const run = Date.now().toString(36)
const topic = `orders-${run}`
const deadLetters = `orders-dead-letters-${run}`
const producer = kafka.producer({ idempotent: true })
const admin = kafka.admin()

/** Consumes with a new consumer until `enough` of what it has seen. */
async function consume(groupId, { from = topic, handler, enough }) {
  const consumer = kafka.consumer({ groupId })
  await consumer.connect()
  await consumer.subscribe({ topics: [from], fromBeginning: true })
  const seen = []
  await new Promise((resolve, reject) => {
    const done = () => enough(seen) && resolve()
    consumer.on(consumer.events.CRASH, event => reject(event.payload.error))
    consumer.run(handler(seen, done, consumer)).catch(reject)
  })
  return { consumer, seen }
}

const eachMessage = (seen, done) => ({
  eachMessage: async ({ message }) => {
    seen.push(message.value.toString())
    done()
  },
})

async function step(what, work) {
  const started = Date.now()
  await work()
  console.log(`✓ ${what} (${Date.now() - started} ms)`)
}

// kafkajs creates the topics, asks a broker for their leaders, and gives up if that broker has not heard of them yet, as with any
// Kafka without ZooKeeper. Asked again, it finds them there.
async function createTopics(topics) {
  try {
    await admin.createTopics({ waitForLeaders: true, topics })
  } catch (error) {
    if (error.type !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error
    await createTopics(topics)
  }
}

await step('connect, create topics', async () => {
  await Promise.all([admin.connect(), producer.connect()])
  await createTopics([{ topic, numPartitions: 3 }, { topic: deadLetters, numPartitions: 1 }])
})

await step('produce one', async () => {
  const [sent] = await producer.send({ topic, messages: [{ key: 'customer-1', value: 'order 0' }] })
  assert.equal(sent.errorCode, 0)
})

await step('send a batch, compressed', async () => {
  const messages = Array.from({ length: 99 }, (_, i) => ({ key: `customer-${i % 7}`, value: `order ${i + 1}` }))
  await producer.sendBatch({ compression: CompressionTypes.GZIP, topicMessages: [{ topic, messages }] })
})

const all = Array.from({ length: 100 }, (_, i) => `order ${i}`).sort()
let first
await step('consume from the beginning', async () => {
  first = await consume(`first-${run}`, { handler: eachMessage, enough: seen => seen.length >= 100 })
  assert.deepEqual([...first.seen].sort(), all)
})

await step('replay: seek back to the start', async () => {
  first.seen.length = 0
  const again = new Promise(resolve => first.consumer.on(first.consumer.events.END_BATCH_PROCESS, () => first.seen.length >= 100 && resolve()))
  for (const partition of [0, 1, 2]) first.consumer.seek({ topic, partition, offset: '0' })
  await again
  assert.deepEqual([...first.seen].sort(), all)
})

let batches
await step('consume by batch, commit by batch', async () => {
  batches = await consume(`batches-${run}`, {
    handler: (seen, done) => ({
      eachBatchAutoResolve: false,
      autoCommit: false,
      eachBatch: async ({ batch, resolveOffset, commitOffsetsIfNecessary, uncommittedOffsets }) => {
        for (const message of batch.messages) {
          seen.push(message.value.toString())
          resolveOffset(message.offset)
        }
        await commitOffsetsIfNecessary(uncommittedOffsets())
        done()
      },
    }),
    enough: seen => seen.length >= 100,
  })
  const committed = await admin.fetchOffsets({ groupId: `batches-${run}`, topics: [topic] })
  const sum = committed[0].partitions.reduce((total, { offset }) => total + Number(offset), 0)
  assert.equal(sum, 100, 'every record is committed')
})

let letters
await step('send what fails to a dead-letter topic', async () => {
  const bad = await consume(`careful-${run}`, {
    handler: (seen, done) => ({
      eachMessage: async ({ message }) => {
        const value = message.value.toString()
        if (value.endsWith('7')) {
          await producer.send({ topic: deadLetters, messages: [{ key: message.key, value, headers: { reason: 'ends with 7' } }] })
        }
        seen.push(value)
        done()
      },
    }),
    enough: seen => seen.length >= 100,
  })
  letters = await consume(`undertaker-${run}`, { from: deadLetters, handler: eachMessage, enough: seen => seen.length >= 10 })
  assert.deepEqual([...letters.seen].sort(), all.filter(value => value.endsWith('7')))
  letters.others = bad.consumer
})

await step('a transaction', async () => {
  const transactional = kafka.producer({ transactionalId: `till-${run}`, maxInFlightRequests: 1, idempotent: true })
  await transactional.connect()
  const transaction = await transactional.transaction()
  await transaction.send({ topic, messages: [{ value: 'order 100' }] })
  await transaction.commit()
  await transactional.disconnect()
})

await step('disconnect', () =>
  Promise.all([first, batches, letters].map(({ consumer }) => consumer).concat(letters.others, producer, admin).map(client => client.disconnect())))
