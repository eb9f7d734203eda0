const u=590,l=[590],p={590:((r,e,t)=>{t.d(e,{g:()=>o});async function o(i,c,a){const n=[],s=[...i];for(;s.length>0;)n.push(...await Promise.all(s.splice(0,c).map(a)));return n}})};export{u as id,l as ids,p as modules};
//# sourceMappingURL=maps/in-turns.js.map
