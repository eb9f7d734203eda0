const _=4190,d=[4190],l={4190:((p,h,s)=>{s.d(h,{reportRights:()=>m,rightsSummaryOf:()=>g});var o=s(211),r=s(3914);const f=t=>{const n=t.filter(({unasked:e})=>!e),i=(0,r.hS)(new Set(n.map(({action:e})=>e)).size,"missing permission");return n.some(({action:e})=>(0,o.gx)(e))?`${i}: this run needs some of them and ended.`:`${i}: the run went on without.`},u="Policy that allows all of them, for the role of this job";function m(t,n){if(n.length!==0){t.line(""),t.line(`! ${f(n)}`);for(const i of(0,o.Dx)(n))t.line(`  ${i}`);t.startGroup(u);for(const i of JSON.stringify((0,o.US)(n),void 0,2).split(`
`))t.line(i);t.endGroup()}}function g(t){if(t.length===0)return"";const n=(0,o.Dx)(t).map(e=>`- ${(0,r.CS)(e)}`),i=(0,r.TM)(u,(0,r.OF)("text",JSON.stringify((0,o.US)(t),void 0,2).split(`
`)));return`${[`### ${(0,r.CS)(f(t))}`,n.join(`
`),i].join(`

`)}
`}})};export{_ as id,d as ids,l as modules};
//# sourceMappingURL=maps/report-rights.js.map
