// A service to be deployed: node hello.mjs serve PORT, node hello.mjs stop PORT
import { createServer } from 'node:http'

const [, , command, port] = process.argv

if (command === 'stop') await fetch(`http://127.0.0.1:${port}/stop`)
else {
  const server = createServer(({ url }, response) => {
    response.end('hello\n')
    if (url === '/stop') server.close()
  })
  server.listen(Number(port), '127.0.0.1')
}
