const E=4190,c=[4190],D={4190:((l,m,i)=>{i.d(m,{reportRights:()=>g,rightsSummaryOf:()=>d});var s=i(211),u=i(2111),e=i(3748),O=i(3914);const f=t=>{const n=t.filter(({unasked:r})=>!r),{size:o}=new Set(n.map(({action:r})=>r)),_=(0,O.hS)(o,"missing permission");return n.some(({action:r})=>(0,s.gx)(r))?`${_}: this run needs some of them and ended.`:`${_}: the run continued without ${o===1?"it":"them"}.`},h="Policy that allows all of them, for the role of this job";function g(t,n){if(n.length!==0){t.line(""),t.line(`! ${f(n)}`);for(const o of(0,s.Dx)(n))t.line(`  ${o}`);(0,u.inGroup)(t,h,JSON.stringify((0,s.US)(n),void 0,2).split(`
`))}}function d(t){if(t.length===0)return"";const n=(0,s.Dx)(t).map(_=>`- ${(0,e.CS)(_)}`),o=(0,e.TM)(h,(0,e.OF)("text",JSON.stringify((0,s.US)(t),void 0,2).split(`
`)));return`${[`### ${(0,e.CS)(f(t))}`,n.join(`
`),o].join(`

`)}
`}})};export{E as id,c as ids,D as modules};
//# sourceMappingURL=maps/report-rights.js.map
