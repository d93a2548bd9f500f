// A small web service that publishes what is posted to it. Usage: node service.js [HOST:PORT], PORT in the environment or any.
import express from 'express'
import { Kafka, logLevel } from 'kafkajs'

const kafka = new Kafka({ clientId: 'shop', brokers: [process.argv[2] ?? 'localhost:9092'], logLevel: logLevel.ERROR })
const producer = kafka.producer({ allowAutoTopicCreation: true })
await producer.connect()

const app = express()
app.use(express.json())
app.post('/orders', async (request, response) => {
  const [{ partition, baseOffset }] = await producer.send({
    topic: 'web-orders',
    acks: -1,
    messages: [{ key: request.body.customer, value: JSON.stringify(request.body) }],
  })
  response.status(202).json({ partition, offset: baseOffset })
})

const server = app.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log(`listening on ${server.address().port}`))
process.on('SIGTERM', () => server.close(() => producer.disconnect()))
