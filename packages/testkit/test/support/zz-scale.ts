import { createScim, noAuthentication } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { viaHandler } from '@scimkit/testkit'
const G='urn:ietf:params:scim:schemas:core:2.0:Group', U='urn:ietf:params:scim:schemas:core:2.0:User'
const H={ Accept: 'application/scim+json', 'Content-Type': 'application/scim+json' }
const grp=(n:string,...m:string[])=>({schemas:[G],displayName:n,members:m.map(value=>({value}))})
const post=(b:string,d:any)=>({method:'POST',path:'userName' in d?'/Users':'/Groups',bulkId:b,data:d})
const cpu=()=>{const {user,system}=process.cpuUsage();return (user+system)/1000}
const kinds:Record<string,(n:number)=>any[]>={
 names:(n)=>Array.from({length:n},(_,i)=>post(`${i}`,{schemas:[U],userName:`bulkId:${(i+1)%n}`})),
 circle:(n)=>Array.from({length:n},(_,i)=>post(`${i}`,grp(`g${i}`,`bulkId:${(i+1)%n}`))),
 users:(n)=>Array.from({length:n},(_,i)=>post(`${i}`,{schemas:[U],userName:`u${i}`})),
 graph:(n)=>Array.from({length:n},(_,i)=>post(`${i}`,grp(`g${i}`,`bulkId:${(i*7+3)%n}`,`bulkId:${(i*13+5)%n}`))),
 missing:(n)=>Array.from({length:n},(_,i)=>({method:'DELETE',path:`/Users/x${i}`})),
}
for (const [k,make] of Object.entries(kinds)) for (const n of [100,1000,4000]) {
  const best=[]
  for (let r=0;r<4;r++){
    const ex=viaHandler(createScim({provider:memoryProvider(),authenticate:noAuthentication(),limits:{bulkOperations:10000,bulkPayloadBytes:1e8}}).handle)
    const body=JSON.stringify({schemas:['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],Operations:make(n)})
    const s=cpu(); const a=await ex({method:'POST',path:'/Bulk',headers:H,body}); best.push(cpu()-s)
    if(r===0&&n===100) console.log(a.body.slice(60,200))
  }
  console.log(k,n,Math.min(...best).toFixed(1),'ms', (Math.min(...best)/n*1000).toFixed(0),'us/op')
}
