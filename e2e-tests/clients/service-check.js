// Starts the service, posts orders to it, and reads them back. Usage: node service-check.js [HOST:PORT]
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Kafka, logLevel } from 'kafkajs'

const broker = process.argv[2] ?? 'localhost:9092'
const service = spawn(process.execPath, [fileURLToPath(new URL('service.js', import.meta.url)), broker], { stdio: ['ignore', 'pipe', 'inherit'] })
try {
  const [line] = await Promise.race([once(service.stdout, 'data'), once(service, 'exit').then(([code]) => assert.fail(`service ended: ${code}`))])
  const port = line.toString().match(/\d+/)[0]
  const orders = Array.from({ length: 20 }, (_, i) => ({ customer: `c${i % 3}`, run: process.pid, item: i }))
  await Promise.all(
    orders.map(async order => {
      const answer = await fetch(`http://127.0.0.1:${port}/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(order),
      })
      assert.equal(answer.status, 202)
    }),
  )
  const kafka = new Kafka({ clientId: 'check', brokers: [broker], logLevel: logLevel.ERROR })
  const consumer = kafka.consumer({ groupId: `check-${Date.now()}` })
  await consumer.connect()
  await consumer.subscribe({ topics: ['web-orders'], fromBeginning: true })
  const seen = new Set()
  await new Promise((resolve, reject) => {
    consumer.on(consumer.events.CRASH, event => reject(event.payload.error))
    consumer.run({
      eachMessage: async ({ message }) => {
        const order = JSON.parse(message.value)
        if (order.run === process.pid) seen.add(order.item)
        if (seen.size === orders.length) resolve()
      },
    }).catch(reject)
  })
  await consumer.disconnect()
  console.log(`✓ a web service publishes: ${seen.size} orders posted and read back`)
} finally {
  service.kill('SIGTERM')
}
