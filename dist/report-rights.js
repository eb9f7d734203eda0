const g=4190,p=[4190],l={4190:((d,u,r)=>{r.d(u,{reportRights:()=>m,rightsSummaryOf:()=>O});var s=r(211),e=r(5518),_=r(3764);const f=t=>{const n=t.filter(({unasked:o})=>!o),i=(0,_.hS)(new Set(n.map(({action:o})=>o)).size,"missing permission");return n.some(({action:o})=>(0,s.gx)(o))?`${i}: this run needs some of them and ended.`:`${i}: the run went on without.`},h="Policy that allows all of them, for the role of this job";function m(t,n){if(n.length!==0){t.line(""),t.line(`! ${f(n)}`);for(const i of(0,s.Dx)(n))t.line(`  ${i}`);t.startGroup(h);for(const i of JSON.stringify((0,s.US)(n),void 0,2).split(`
`))t.line(i);t.endGroup()}}function O(t){if(t.length===0)return"";const n=(0,s.Dx)(t).map(o=>`- ${(0,e.CS)(o)}`),i=(0,e.TM)(h,(0,e.OF)("text",JSON.stringify((0,s.US)(t),void 0,2).split(`
`)));return`${[`### ${(0,e.CS)(f(t))}`,n.join(`
`),i].join(`

`)}
`}})};export{g as id,p as ids,l as modules};
//# sourceMappingURL=maps/report-rights.js.map
